//! placeholder
use axum::{Router, extract::Request, middleware::Next, response::Response};
use crate::node::Node;
pub async fn home() -> &'static str { "home" }
pub async fn statement() -> &'static str { "statement" }
pub fn routes() -> Router<Node> { Router::new() }
pub async fn security_headers(request: Request, next: Next) -> Response { next.run(request).await }
