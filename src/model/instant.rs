//! A point in time as two numbers, for what is kept: `#[serde(with = "instant")]`.

use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) fn serialize<S: Serializer>(
    instant: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let parts = instant.map(|instant| (instant.as_second(), instant.subsec_nanosecond()));
    parts.serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    let parts = Option::<(i64, i32)>::deserialize(deserializer)?;
    let instant = |(second, nanosecond)| Timestamp::new(second, nanosecond);
    parts.map(instant).transpose().map_err(D::Error::custom)
}
