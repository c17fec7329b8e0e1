//! placeholder
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Details {}
