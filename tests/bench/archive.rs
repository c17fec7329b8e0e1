//! An archive of many statements in many languages, and its followers: made by the domain's own functions, a thousand to a transaction.

use std::path::Path;
use std::time::Instant;

use chrono::TimeDelta;
use picket::clock::{self, Clock, Time};
use picket::config::Config;
use picket::markup;
use picket::node::Node;
use picket::statements::draft::Details;
use picket::statements::{self, Appearance, NewStatement, State};
use picket::storage::Conn;

use crate::followers::{self, follower};

/// The word by which this program only makes an archive: `fill FOLDER STATEMENTS [FOLLOWERS]`.
pub const FILL: &str = "fill";

const BATCH: usize = 1_000;
/// A title, a text, a hashtag.
const TEXTS: [(&str, &str, &str, &str); 12] = [
    (
        "en",
        "Locked out for asking for rest",
        "On **Monday at six** the company closed the gates. We ask every branch to refuse diverted work.",
        "Lockout",
    ),
    (
        "tr",
        "Dinlenme istedikleri için kapı dışarı",
        "Şirket **pazartesi saat altıda** kapıları kapattı. Bütün şubelerden dayanışma bekliyoruz.",
        "Dayanışma",
    ),
    (
        "fa",
        "اخراج به خاطر درخواست استراحت",
        "شرکت **روز دوشنبه** درها را بست. از همه شعبه‌ها همبستگی می‌خواهیم.",
        "اعتصاب",
    ),
    (
        "ja",
        "休息を求めて締め出された",
        "会社は**月曜日の六時**に門を閉めました。すべての支部に連帯を求めます。",
        "連帯",
    ),
    (
        "ko",
        "휴식을 요구했다는 이유로 쫓겨나다",
        "회사는 **월요일 여섯 시**에 문을 닫았습니다. 모든 지부에 연대를 요청합니다.",
        "연대",
    ),
    (
        "es",
        "Despedidos por pedir descanso",
        "El **lunes a las seis** la empresa cerró las puertas. Pedimos a cada sección que rechace el trabajo desviado.",
        "Huelga",
    ),
    ("ar", "طردوا لأنهم طلبوا الراحة", "أغلقت الشركة الأبواب **يوم الاثنين**. نطلب التضامن من كل الفروع.", "تضامن"),
    (
        "ru",
        "Локаут за просьбу об отдыхе",
        "В **понедельник в шесть** компания закрыла ворота. Просим все отделения о солидарности.",
        "Забастовка",
    ),
    ("zh", "因要求休息而被拒之门外", "公司在**星期一六点**关上了大门。我们请求各分会声援。", "声援"),
    (
        "pt-BR",
        "Demitidos por pedir descanso",
        "Na **segunda às seis** a empresa fechou os portões. Pedimos a todos os sindicatos que recusem o trabalho desviado.",
        "Greve",
    ),
    (
        "fr",
        "Mis dehors pour avoir demandé du repos",
        "**Lundi à six heures**, la direction a fermé les grilles. Nous appelons chaque section à refuser le travail détourné.",
        "Grève",
    ),
    (
        "de",
        "Ausgesperrt, weil sie Pausen wollten",
        "Am **Montag um sechs** schloss das Unternehmen die Tore. Wir bitten alle Bezirke um Solidarität.",
        "Streik",
    ),
];

/// Makes an archive in a data folder of its own.
pub fn fill_folder(words: &[String]) {
    let (Some(folder), Some(count)) = (words.first(), words.get(1)) else {
        println!("say where and how many: cargo bench --bench node -- {FILL} FOLDER STATEMENTS [FOLLOWERS]");
        return;
    };
    let number = |word: &String| word.replace(['_', ','], "").parse().expect("a number");
    let settings = [("PICKET_DATA_DIR".to_owned(), folder.clone())].into();
    let config = Config::from_sources(None, settings).expect("settings");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let node = Node::open(config, Clock::default()).await.expect("the node opens");
        let (begun, count) = (Instant::now(), number(count));
        fill(&node, count, words.get(2).map_or(0, number)).await;
        let took = begun.elapsed().as_secs_f64();
        println!(
            "{count} statements in {} in {took:.0} s: PICKET_DATA_DIR={folder} picket serve",
            Path::new(folder).display()
        );
    });
}

/// Adds statements, the newest last, and followers.
pub async fn fill(node: &Node, statements: usize, follower_count: usize) {
    let html: Vec<String> = TEXTS.iter().map(|(_, _, text, _)| markup::render(text, &|_| None).html).collect();
    let now = node.now();
    for begin in (0..statements).step_by(BATCH) {
        let (node_for_write, html) = (node.clone(), html.clone());
        let end = statements.min(begin + BATCH);
        let write = move |conn: &mut Conn| {
            for number in begin..end {
                let (new, appearance) =
                    statement(&node_for_write, number, &html[number % TEXTS.len()], age(statements - number, now));
                statements::insert(conn, node_for_write.identity.union.id, &new, &appearance, now)?;
            }
            Ok(())
        };
        node.db.write(write).await.expect("statements");
    }
    for begin in (0..follower_count).step_by(BATCH) {
        let end = follower_count.min(begin + BATCH);
        let base = |number: usize| format!("https://branch{}.example", number % 2_000);
        followers::add(node, (begin..end).map(|number| follower(&base(number), number)).collect()).await;
    }
}

/// A minute between any two.
fn age(minutes: usize, now: Time) -> Time {
    now - TimeDelta::minutes(i64::try_from(minutes).expect("few"))
}

fn statement(node: &Node, number: usize, html: &str, published: Time) -> (NewStatement, Appearance) {
    let (language, title, text, tag) = TEXTS[number % TEXTS.len()];
    let new = NewStatement {
        title: Some(format!("{title} {number}")),
        lead: None,
        markdown: text.to_owned(),
        html: html.to_owned(),
        language: language.to_owned(),
        details: Details::default(),
        in_reply_to: None,
        translates: None,
        context: None,
        tags: vec![tag.to_owned(), format!("Campaign{}", number % 5_000)],
        mentions: Vec::new(),
        pictures: Vec::new(),
        documents: Vec::new(),
    };
    let slug = clock::new_id(published);
    let appearance = Appearance {
        uri: node.urls.statement(&slug),
        context: node.urls.context(&slug),
        slug,
        state: State::Published,
        published,
        day_only: false,
        backdated: true,
    };
    (new, appearance)
}
