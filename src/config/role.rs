//! What one server of a node does, where several share a database.

use std::fmt;
use std::str::FromStr;

/// What a server does, of several on one database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    All,
    /// It answers requests.
    Web,
    /// It delivers, and does what is done by the clock.
    Delivery,
}

impl Role {
    /// Whether it answers requests.
    #[must_use]
    pub fn answers(self) -> bool {
        self != Self::Delivery
    }

    /// Whether it delivers.
    #[must_use]
    pub fn delivers(self) -> bool {
        self != Self::Web
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text {
            "all" => Ok(Self::All),
            "web" => Ok(Self::Web),
            "delivery" => Ok(Self::Delivery),
            _ => Err("write web, delivery or all".to_owned()),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::All => "all",
            Self::Web => "web",
            Self::Delivery => "delivery",
        })
    }
}
