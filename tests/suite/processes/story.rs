//! The main job, by two real processes: follow, publish, receive, answer, approve, show, edit, withdraw.

use std::time::Instant;

use super::database::on_both;
use super::ended::{PATIENCE, eventually};
use super::union::Union;

on_both! {
    fn what_one_union_publishes_its_follower_receives_and_answers_until_it_is_withdrawn(on) {
        let press = Union::start(on, "press");
        let ally = Union::start(on, "ally");
        ally.follow(&press);
        assert_eq!(press.list(&["followers"])[0]["actor"], ally.actor());

        let start = Instant::now();
        let id = press.publish("# On strike\n\nFrom *Monday* on nobody works.\n", &["--lang", "en"]);
        let (published, entry) = (start.elapsed(), ally.receives(&id));
        let received = start.elapsed();
        println!("published after {published:?}, seen at the other after {received:?}: {:?} later", received.checked_sub(published));
        assert_eq!(entry["author"], press.actor());
        assert_eq!(entry["language"], "en");
        assert!(entry["content"].as_str().expect("a text").contains("From <em>Monday</em> on nobody works."), "{entry}");

        // The answer of a union that press does not follow is held, and nobody sees it before it is approved.
        let answer = ally.publish("We stand with you.\n", &["--in-reply-to", &id]);
        let held = eventually("the answer is held", PATIENCE, || press.list(&["replies", "--held"]).pop());
        assert_eq!(held["id"], answer);
        assert_eq!(held["author"], ally.actor());
        assert_eq!(held["in_reply_to"], id);
        assert_eq!(held["state"], "held");
        let replies = format!("{id}/replies?page=true");
        assert!(!press.document(&replies).text().contains(&answer));
        press.json(&["approve", &answer]);
        assert!(press.list(&["replies", "--held"]).is_empty());
        assert_eq!(press.list(&["replies", &id])[0]["state"], "approved");
        assert!(press.document(&replies).text().contains(&answer));
        assert_eq!(press.document(&id).json()["replies"]["totalItems"], 1);

        press.edit(&id, "# On strike\n\nFrom *Tuesday* on nobody works.\n");
        eventually("the edit arrives", PATIENCE, || {
            ally.timeline_entry(&id)?["content"].as_str()?.contains("Tuesday").then_some(())
        });

        press.json(&["statement", "withdraw", &id]);
        let gone = press.document(&id);
        assert_eq!((gone.status, gone.json()["type"].as_str()), (410, Some("Tombstone")));
        assert_eq!(press.page(&id).status, 410);
        eventually("it is gone at the other", PATIENCE, || ally.timeline_entry(&id).is_none().then_some(()));
        assert_eq!(press.json(&["statement", "show", &id])["state"], "withdrawn");
    }

    fn an_answer_that_its_author_withdraws_is_gone_at_the_other(on) {
        let press = Union::start(on, "press");
        let ally = Union::start(on, "ally");
        let id = press.publish("Who is with us?", &[]);
        let answer = ally.publish("We are.", &["--in-reply-to", &id]);
        let held = || press.list(&["replies"]).into_iter().find(|one| one["id"] == answer);
        eventually("the answer arrives", PATIENCE, held);
        press.json(&["approve", &answer]);
        ally.json(&["statement", "withdraw", &answer]);
        eventually("the answer goes", PATIENCE, || held().is_none().then_some(()));
        assert_eq!(press.document(&id).json()["replies"]["totalItems"], 0);
    }

    fn an_ally_that_is_unfollowed_is_not_told_any_more(on) {
        let press = Union::start(on, "press");
        let ally = Union::start(on, "ally");
        ally.follow(&press);
        assert_eq!(ally.json(&["unfollow", &press.address()])["actor"], press.actor());
        eventually("press knows", PATIENCE, || press.list(&["followers"]).is_empty().then_some(()));
        let told = press.run_with_input(&["statement", "publish", "-", "--json"], "Who hears this?").json();
        assert_eq!(told["deliveries"], 0);
        assert!(ally.list(&["following"]).is_empty());
    }

    fn a_boosted_statement_counts_at_its_author_and_counts_no_more_when_taken_back(on) {
        let press = Union::start(on, "press");
        let ally = Union::start(on, "ally");
        let id = press.publish("Pass this on.", &[]);
        let shares = || press.document(&id).json()["shares"]["totalItems"].as_i64();
        assert_eq!(ally.json(&["boost", &id])["id"], id);
        eventually("the boost is counted", PATIENCE, || (shares() == Some(1)).then_some(()));
        assert!(ally.document("/actor/outbox?page=true").text().contains(&id));
        assert!(ally.run(&["boost", &id]).refusal(1).contains("already"));
        ally.json(&["unboost", &id]);
        eventually("the boost is taken back", PATIENCE, || (shares() == Some(0)).then_some(()));
        assert_eq!(ally.run(&["unboost", &id]).code, Some(1));
    }
}
