//! A public page, beside bare axum that serves the same bytes; and what a reader who has it already gets.

use std::process::Stdio;
use std::time::Duration;

use axum::http::header::CONTENT_TYPE;
use picket::federation::outbox;
use picket::statements::draft::Draft;
use tempfile::NamedTempFile;
use tokio::net::TcpStream;

use crate::Amounts;
use crate::database::Database;
use crate::inbound::per_second;
use crate::limits::serve;
use crate::machine::{Cores, cpu_time};
use crate::node::{Home, free_address};
use crate::table::{Beside, Table};
use crate::web::{Flood, Message, ask, flood};

/// The word by which this program becomes a server that gives a file's bytes for every address.
pub const BARE_PAGE: &str = "bare-page";

const CONNECTIONS: usize = 32;
/// The bare server gets so many times as many requests, since it is done so soon that the clock of its core hardly ticks.
const BARE_TIMES: usize = 5;

/// The page of a statement of usual length, as a browser asks for it, with everything that stands around it.
pub async fn measure(cores: Cores, amounts: &Amounts, database: &Database, table: &mut Table) {
    let fresh = database.fresh();
    let home = Home::new(fresh.url.as_deref());
    let node = home.open().await;
    let markdown =
        "The yard has been closed since Monday. Management withdrew the agreement of March and locked the gates. "
            .repeat(20);
    let draft = Draft { title: Some("Locked out".to_owned()), markdown, ..Draft::default() };
    let published = outbox::publish(&node, draft).await.expect("a statement").statement.uri;
    let path = published.split_once(&home.address.to_string()).expect("a path").1.to_owned();
    let running = home.start(cores);
    let (_, page) = ask(home.address, &request(home.address, &path, "")).await;
    let tag = page.head().lines().find_map(|line| line.strip_prefix("etag: ")).map(str::to_owned);

    let limit = bare(cores, amounts, &page).await;
    let requests = vec![request(home.address, &path, ""); amounts.pages];
    let used = cpu_time(running.id());
    let served = flood(home.address, requests, CONNECTIONS).await;
    let alone = per_second(good(&served, "200"), cpu_time(running.id()).saturating_sub(used));
    let beside = Beside {
        limit: Some((limit, "bare axum with the same bytes")),
        goal: "60 %",
        alone: Some(alone),
        counted: format!("{} pages of {} bytes{}", good(&served, "200"), page.body().len(), served.others("200")),
        ..Beside::default()
    };
    table.row(&format!("public page, {}", database.name), per_second(good(&served, "200"), served.took), "/s", beside);

    let Some(tag) = tag else { return };
    let requests = vec![request(home.address, &path, &format!("if-none-match: {tag}\r\n")); amounts.pages];
    let used = cpu_time(running.id());
    let served = flood(home.address, requests, CONNECTIONS).await;
    let alone = per_second(good(&served, "304"), cpu_time(running.id()).saturating_sub(used));
    let beside = Beside {
        limit: Some((limit, "bare axum with the bytes of the page")),
        alone: Some(alone),
        counted: format!("answers 304{}", served.others("304")),
        ..Beside::default()
    };
    table.row(
        &format!("public page, not changed (304), {}", database.name),
        per_second(good(&served, "304"), served.took),
        "/s",
        beside,
    );
}

fn good(flood: &Flood, status: &str) -> usize {
    flood.statuses.get(status).copied().unwrap_or_default()
}

fn request(address: std::net::SocketAddr, path: &str, more: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n\
         accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\naccept-language: en-GB,en;q=0.5\r\n{more}\r\n"
    )
    .into_bytes()
}

/// How many a second bare axum gives in its core's time.
async fn bare(cores: Cores, amounts: &Amounts, page: &Message) -> f64 {
    let file = NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), page.body()).expect("its bytes");
    let (address, this) = (free_address(), std::env::current_exe().expect("this program's path"));
    let mut server = cores.on_node_core(this);
    let words = [BARE_PAGE.to_owned(), address.to_string(), file.path().display().to_string()];
    let mut server = server.args(words).stdout(Stdio::null()).spawn().expect("this program again");
    while TcpStream::connect(address).await.is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let used = cpu_time(server.id());
    let served = flood(address, vec![request(address, "/", ""); BARE_TIMES * amounts.pages], CONNECTIONS).await;
    let alone = per_second(good(&served, "200"), cpu_time(server.id()).saturating_sub(used));
    // By its id; it may have ended by itself.
    let _ = server.kill();
    let _ = server.wait();
    alone
}

/// This program as that server.
pub fn serve_page_barely(words: &[String]) {
    let page = axum::body::Bytes::from(std::fs::read(&words[1]).expect("the page"));
    let answer = async move || ([(CONTENT_TYPE, "text/html; charset=utf-8")], page.clone());
    serve(&words[0], &axum::Router::new().fallback(answer));
}
