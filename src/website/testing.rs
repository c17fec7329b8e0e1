//! A site with a database of its own, asked without a network.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use http_body_util::BodyExt;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::clock::{Clock, parse_time};
use crate::config::Config;
use crate::node::Node;
use crate::statements::{self, Appearance, NewStatement, State, Statement};

/// A statement in each script: language, title, text.
pub(super) const TEXTS: [(&str, &str, &str); 5] = [
    ("en", "The night shift stays out", "<p>The cranes stand still, &amp; they will until the dismissed are back.</p>"),
    (
        "tr",
        "Gece vardiyası işbaşı yapmıyor",
        "<p>Vinçler duruyor; çıkarılan işçiler dönene kadar da duracak. ığüşöç İ</p>",
    ),
    ("fa", "نوبت شب سر کار نمی‌رود", "<p>جرثقیل‌ها ایستاده‌اند و می‌ایستند تا اخراج‌شدگان بازگردند.</p>"),
    ("ja", "夜勤は職場に戻らない", "<p>解雇された仲間が戻るまで、クレーンは止まったままだ。</p>"),
    ("ko", "야간조는 일터로 돌아가지 않는다", "<p>해고된 동료들이 돌아올 때까지 크레인은 멈춰 있을 것이다.</p>"),
];

pub(super) struct Site {
    pub(super) node: Node,
    router: Router,
    /// Removed with the site.
    _folder: TempDir,
}

impl Site {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = [
            ("PICKET_DATA_DIR", folder.path().to_str().expect("a path")),
            ("PICKET_DOMAIN", "localhost:8080"),
            ("PICKET_NAME", "Güney Liman İşçileri <Sendikası>"),
            ("PICKET_LANGUAGE", "tr"),
        ];
        let settings = settings.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let config = Config::from_sources(None, settings).expect("settings");
        let node = Node::open(config, Clock::default()).await.expect("a node");
        let router = router(node.clone());
        Self { node, router, _folder: folder }
    }

    pub(super) async fn publish(&self, slug: &str, at: &str, new: NewStatement) -> Statement {
        self.insert(slug, at, State::Published, new).await
    }

    pub(super) async fn insert(&self, slug: &str, at: &str, state: State, new: NewStatement) -> Statement {
        let (published, day_only) = parse_time(at).expect("a time");
        let uri = self.node.urls.statement(slug);
        let context = self.node.urls.context(slug);
        let slug = slug.to_owned();
        let appearance = Appearance { uri, slug, context, state, published, day_only, backdated: false };
        let (author, now) = (self.node.identity.union.id, self.node.now());
        self.node
            .db
            .write(move |conn| statements::insert(conn, author, &new, &appearance, now))
            .await
            .expect("a statement")
    }

    pub(super) async fn get(&self, address: &str) -> (StatusCode, String) {
        let request = Request::get(address).header("accept-language", "en");
        let response = self.ask(request.body(Body::empty()).expect("a request")).await;
        (response.status(), body(response).await)
    }

    pub(super) async fn post(&self, address: &str, form: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = Request::post(address)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept-language", "en");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request.body(Body::from(form.to_owned())).expect("a request")).await
    }

    pub(super) async fn ask(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.expect("an answer")
    }
}

/// The pages as `server` puts them together, without the JSON.
pub(super) fn router(node: Node) -> Router {
    let insecure = node.config.insecure;
    Router::new()
        .route("/", get(super::home))
        .route("/statements/{slug}", get(super::statement))
        .route("/tags/{tag}", get(super::tag))
        .merge(super::routes())
        .method_not_allowed_fallback(super::method_not_allowed)
        .layer(Extension(super::Pages::default()))
        .layer(map_response(move |mut response: Response| async move {
            super::set_security_headers(response.headers_mut(), insecure);
            response
        }))
        .with_state(node)
}

pub(super) async fn body(response: Response) -> String {
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// A statement with little more than a title (none where that is empty) and a text.
pub(super) fn statement(language: &str, title: &str, html: &str) -> NewStatement {
    NewStatement {
        title: (!title.is_empty()).then(|| title.to_owned()),
        lead: None,
        markdown: String::new(),
        html: html.to_owned(),
        language: language.to_owned(),
        details: statements::draft::Details::default(),
        in_reply_to: None,
        translates: None,
        context: None,
        tags: Vec::new(),
        mentions: Vec::new(),
        pictures: Vec::new(),
        documents: Vec::new(),
    }
}
