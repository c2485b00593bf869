//! One request at a time for each host, and a pause between what is asked of it.

#![expect(clippy::disallowed_methods, reason = "time is measured in the binary")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

/// When each host was last asked for something; held while it is being asked.
#[derive(Debug, Default)]
pub(super) struct Hosts(Mutex<BTreeMap<String, Arc<Mutex<Option<Instant>>>>>);

impl Hosts {
    /// Asks the host of an address, when nobody else does, and a pause after the last answer.
    pub(super) fn ask<T>(&self, url: &Url, pause: Duration, ask: impl FnOnce() -> T) -> T {
        let host = {
            let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(hosts.entry(host(url)).or_default())
        };
        let mut last = host.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = *last {
            std::thread::sleep(pause.saturating_sub(last.elapsed()));
        }
        let answer = ask();
        *last = Some(Instant::now());
        answer
    }
}

/// A host with its port, as one server of its own.
pub(crate) fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    }
}
