//! Days and hours are those of where the union is.

use chrono::{NaiveTime, TimeDelta};
use picket::clock::rfc3339;
use picket::statements::State;

use crate::harness::{TestNode, World, on_both_databases};

async fn node_in(world: &World, zone: &str) -> TestNode {
    world.node_with(&[("PICKET_TIME_ZONE", zone)]).await
}

/// Lets time pass until clocks in UTC show a full hour.
fn pass_until(world: &World, hour: u32) {
    let now = world.clock.now();
    let at = NaiveTime::from_hms_opt(hour, 0, 0).expect("an hour");
    world.pass((now.date() + TimeDelta::days(1)).and_time(at) - now);
}

on_both_databases! {
    async fn a_statement_has_the_date_and_stands_in_the_month_of_where_the_union_is(world) {
        let node = node_in(world, "Asia/Seoul").await;
        let early = node.publish_at("---\ndate: 1994-05-01T08:00\nlanguage: en\n---\n# Early strike").await;
        node.publish("---\ndate: 1995-12-31T23:00:00Z\nlanguage: en\n---\n# New Year's strike").await;
        node.publish("---\ndate: 1993-01-01\nlanguage: en\n---\n# Day of the strike").await;
        for page in ["/", &early] {
            let shown = node.page(&format!("{page}?lang=en")).await.body;
            assert!(shown.contains("datetime=\"1994-04-30T23:00:00Z\">1 May 1994<"), "{shown}");
        }
        let archive = node.page("/archive").await.body;
        for (year, is_there) in [(1993, true), (1994, true), (1995, false), (1996, true), (1992, false)] {
            assert_eq!(archive.contains(&format!("/archive/{year}")), is_there, "{year}: {archive}");
            assert_eq!(node.page(&format!("/archive/{year}")).await.status, if is_there { 200 } else { 404 }, "{year}");
            let found = node.page(&format!("/search?q=strike&year={year}")).await.body.contains("<mark>");
            assert_eq!(found, is_there, "{year}");
        }
        let year = node.page("/archive/1994?lang=en").await.body;
        assert!(year.contains("/archive/1994/05") && year.contains("May 1994") && !year.contains("/archive/1994/04"), "{year}");
        assert!(node.page("/archive/1994/05").await.body.contains("Early strike"));
        assert_eq!(node.page("/archive/1994/04").await.status, 404);
    }

    async fn the_day_of_today_is_now_where_the_union_is(world) {
        for (zone, hour, day) in [("America/Mexico_City", 2, -1), ("Asia/Tokyo", 23, 1), ("UTC", 23, 0)] {
            let node = node_in(world, zone).await;
            pass_until(world, hour);
            let today = world.clock.now().date() + TimeDelta::days(day);
            let published = node.publish(&format!("---\ndate: {today}\n---\n# Today")).await.statement;
            assert_eq!((published.state, published.backdated, published.day_only), (State::Published, false, true), "{zone}");
            let tomorrow = today + TimeDelta::days(1);
            let published = node.publish(&format!("---\ndate: {tomorrow}\n---\n# Tomorrow")).await.statement;
            assert_eq!(published.state, State::Scheduled, "{zone}");
            let yesterday = today - TimeDelta::days(1);
            assert!(node.publish(&format!("---\ndate: {yesterday}\n---\n# Yesterday")).await.statement.backdated, "{zone}");
        }
    }

    async fn an_hour_without_an_offset_is_that_of_where_the_union_is(world) {
        let node = node_in(world, "Asia/Tokyo").await;
        let day = world.clock.now().date() + TimeDelta::days(30);
        for hour in ["09:30", "09:30:00+09:00"] {
            let scheduled = node.publish(&format!("---\ndate: {day}T{hour}\n---\n# Soon")).await.statement;
            assert_eq!(rfc3339(scheduled.published), format!("{day}T00:30:00Z"), "{hour}");
        }
        let scheduled = node.publish(&format!("+++\ndate = {day}T09:30:00\n+++\n# Soon")).await.statement;
        assert_eq!(rfc3339(scheduled.published), format!("{day}T00:30:00Z"), "as TOML has it");
    }
}
