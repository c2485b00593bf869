//! (to come)
pub(crate) fn frame_hosts() -> &'static [&'static str] {
    &[]
}
