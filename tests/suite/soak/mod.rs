//! The soak: a real server under thousands of hostile requests, with good ones among them. Nothing panics, the memory stays, and whoever is
//! honest is served.
//!
//! `TEST_SOAK_REQUESTS` makes it longer than the usual 10,000, `TEST_SOAK_SEED` another one; both are printed.

mod attacks;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use picket::posts::MOST_HELD_OF_ONE;
use picket::transport::SignatureForm;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::harness::{self, Chance, Person, World};
use crate::processes::database::Database;
use crate::processes::number_if_set;
use crate::processes::union::Union;
use attacks::{Attack, Attacks};

const REQUESTS: u64 = 10_000;
/// Before the memory is looked at for the first time: caches fill, pools open, and as many large bodies come at once as ever will.
const WARM_UP: usize = 3_000;
/// How often the memory is looked at in between.
const SLICES: usize = 10;
/// Attackers at a time.
const ATTACKERS: usize = 24;
/// Of so many requests one is good.
const GOOD: usize = 25;
/// As `deploy/picket.service` and the container have it.
const AS_DEPLOYED: [(&str, &str); 1] = [("MALLOC_ARENA_MAX", "2")];
/// For one answer.
const PATIENCE: Duration = Duration::from_mins(1);
/// Attacks that nobody's words can be believed in.
const NEVER_TAKEN: [&str; 3] = ["forged", "unsigned", "unknown key"];

/// The honest ones, and what became of their words.
struct Good {
    people: Vec<Person>,
    statement: String,
    inbox: String,
    /// How many words of whom, by actor.
    said: Mutex<BTreeMap<String, usize>>,
}

/// What was answered to whom: the name of the attack, the status.
type Answers = Arc<Mutex<BTreeMap<(&'static str, u16), usize>>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_hostile_requests_do_no_harm() {
    let requests = number_if_set("TEST_SOAK_REQUESTS").unwrap_or(REQUESTS);
    let seed = number_if_set("TEST_SOAK_SEED").unwrap_or(1_871);
    for deployed in [include_str!("../../../deploy/picket.service"), include_str!("../../../Dockerfile")] {
        assert!(deployed.contains("MALLOC_ARENA_MAX=2"), "{deployed}");
    }
    println!("{requests} requests after {WARM_UP} to warm up, seed {seed}");
    let union = tokio::task::spawn_blocking(|| {
        let union = Union::start_with(&Database::Sqlite, "union", &AS_DEPLOYED);
        let statement = union.publish("# On strike\n\nStand with us.", &[]);
        (union, statement)
    });
    let (union, statement) = union.await.expect("a union");
    let world = World::on(harness::Database::Sqlite);
    let servers = [world.remote().await, world.remote().await, world.remote().await];
    let people = servers.iter().map(|server| server.person("ally")).collect();
    let good = Arc::new(Good { people, statement, inbox: union.at("/inbox"), said: Mutex::default() });
    let attacks = Arc::new(Attacks::new(&union.domain, &good.statement, servers[0].person("eve"), &good.people));
    let answers = Answers::default();
    let mut chance = Chance::new(seed);

    wave(&union.domain, &Arc::new(attacks.hard()), &good, &answers, &mut chance, WARM_UP).await;
    let mut memory = vec![union.memory()];
    let slice = usize::try_from(requests).expect("a number of this machine") / SLICES;
    for _ in 0..SLICES {
        wave(&union.domain, &attacks, &good, &answers, &mut chance, slice).await;
        memory.push(union.memory());
    }

    let mut union = union;
    let answers = answers.lock().expect("nobody panicked").clone();
    let told: Vec<String> =
        answers.iter().map(|((name, status), count)| format!("{name}: {status} × {count}")).collect();
    println!("{}\nmemory in KiB: {memory:?}", told.join("\n"));
    assert!(union.is_up(), "it still runs");
    let log = union.log();
    assert!(!log.contains("panicked") && !log.contains("ERROR"), "{log}");
    assert!(log.len() < 100_000, "{} bytes of log", log.len());
    let faults: Vec<_> = answers.keys().filter(|(_, status)| *status >= 500 && *status != 503).collect();
    assert!(faults.is_empty(), "{faults:?}");
    let taken: Vec<_> = answers.keys().filter(|(name, status)| NEVER_TAKEN.contains(name) && *status == 202).collect();
    assert!(taken.is_empty(), "{taken:?}");
    for name in NEVER_TAKEN {
        assert!(answers.keys().any(|(tried, status)| *tried == name && *status == 401), "{name} was not tried");
    }
    if let (Some(before), Some(after)) = (memory[0], memory[SLICES]) {
        assert!(after * 10 <= before * 11, "the memory grew from {before} to {after} KiB");
    }
    let kept = tokio::task::spawn_blocking(move || union.list(&["replies", "--held"]));
    let kept = by_author(&kept.await.expect("a list"));
    let most = usize::try_from(MOST_HELD_OF_ONE).expect("a small number");
    let mut said = good.said.lock().expect("nobody panicked").clone();
    for count in said.values_mut() {
        *count = most.min(*count);
    }
    assert_eq!(kept, said, "good words are kept, the newest of each speaker, and nobody else's");
}

fn by_author(answers: &[Value]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for answer in answers {
        *counts.entry(answer["author"].as_str().expect("an author").to_owned()).or_default() += 1;
    }
    counts
}

/// Sends so many attacks, good words among them; ends when all are answered.
async fn wave(
    domain: &str,
    attacks: &Arc<Attacks>,
    good: &Arc<Good>,
    answers: &Answers,
    chance: &mut Chance,
    count: usize,
) {
    let mut under_way = JoinSet::new();
    for number in 0..count {
        if number % GOOD == 0 {
            speak(good, domain, chance).await;
        }
        if under_way.len() >= ATTACKERS {
            under_way.join_next().await.expect("one").expect("no panic");
        }
        let (domain, attack, answers) = (domain.to_owned(), attacks.choose(chance), Arc::clone(answers));
        under_way.spawn(async move {
            let status = send(&domain, &attack).await;
            *answers.lock().expect("nobody panicked").entry((attack.name, status)).or_default() += 1;
        });
    }
    under_way.join_all().await;
}

/// A good word, which must be taken.
async fn speak(good: &Good, domain: &str, chance: &mut Chance) {
    let person = &good.people[chance.below(good.people.len())];
    let answer = person.answer(&good.statement, "<p>We stand with you.</p>");
    let create = person.activity("Create", answer).to_string();
    let form = if chance.below(2) == 0 { SignatureForm::Cavage } else { SignatureForm::Rfc9421 };
    let letter = person.letter_at(&good.inbox, form, create).set("connection", "close");
    let word = Attack { name: "a good word", bytes: letter.to_bytes(), hangs_up: false };
    assert_eq!(send(domain, &word).await, 202, "a good word is taken at any time");
    *good.said.lock().expect("nobody panicked").entry(person.id.clone()).or_default() += 1;
}

/// Sends bytes on a connection of their own and gives the status of the answer; 0 where there was none.
async fn send(domain: &str, attack: &Attack) -> u16 {
    let Ok(mut stream) = TcpStream::connect(domain).await else { return 0 };
    // Whoever is refused early cannot say all.
    _ = stream.write_all(&attack.bytes).await;
    if attack.hangs_up {
        return 0;
    }
    let mut answer = [0; 64];
    let read = tokio::time::timeout(PATIENCE, stream.read(&mut answer)).await;
    let length = read.expect("an answer, or an end").unwrap_or_default();
    let text = String::from_utf8_lossy(&answer[..length]).into_owned();
    text.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok()).unwrap_or_default()
}
