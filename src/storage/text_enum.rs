//! Enums that are stored as text.

/// Declares an enum that is stored as text, one word for each variant, in both databases.
macro_rules! text_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub enum $name { $($(#[$variant_meta])* $variant),+ }

        impl $name {
            /// The word that stands in the database and in JSON answers.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl<Db> diesel::serialize::ToSql<diesel::sql_types::Text, Db> for $name
        where
            Db: diesel::backend::Backend,
            str: diesel::serialize::ToSql<diesel::sql_types::Text, Db>,
        {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, Db>) -> diesel::serialize::Result {
                diesel::serialize::ToSql::<diesel::sql_types::Text, Db>::to_sql(self.as_str(), out)
            }
        }

        impl<Db> diesel::deserialize::FromSql<diesel::sql_types::Text, Db> for $name
        where
            Db: diesel::backend::Backend,
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, Db>,
        {
            fn from_sql(raw: Db::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                match <String as diesel::deserialize::FromSql<diesel::sql_types::Text, Db>>::from_sql(raw)?.as_str() {
                    $($word => Ok(Self::$variant),)+
                    other => Err(format!("{other:?} is no {}", stringify!($name)).into()),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use text_enum;
