//! Asks many originals: threads that share out hosts, answers as they come.

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use url::Url;

use crate::http::{Client, Look, Reach, host};

/// How many hosts are asked at a time: each of them waits more than it works.
const HOSTS: usize = 16;
/// How often in a row nobody answers before a host is not waited for any longer.
const PATIENCE: usize = 2;

/// What came of asking for one original.
pub(super) struct Answer {
    pub(super) url: String,
    pub(super) look: Look,
}

/// The originals of one host.
type Queue = Vec<(String, Url)>;

/// Begins to ask. Of what lies on a host that wants to be left in peace, nothing is said. Whoever goes
/// away while there is more to ask takes the threads with them when the program ends.
pub(super) fn start(client: (Client, Reach), originals: Vec<String>) -> Receiver<Answer> {
    let (sender, receiver) = mpsc::channel();
    let mut hosts: BTreeMap<String, Queue> = BTreeMap::new();
    for original in originals {
        match Url::parse(&original) {
            Ok(url) => hosts.entry(host(&url)).or_default().push((original, url)),
            Err(error) => {
                let look = Look::Unknown(error.to_string());
                let url = original;
                let _ = sender.send(Answer { url, look });
            }
        }
    }
    let mut hosts: Vec<Queue> = hosts.into_values().collect();
    // What takes longest begins first.
    hosts.sort_by_key(|queue| std::cmp::Reverse(queue.len()));
    let threads = hosts.len().min(HOSTS);
    let shared = Arc::new((client, Mutex::new(VecDeque::from(hosts))));
    for _ in 0..threads {
        let shared = Arc::clone(&shared);
        let sender = sender.clone();
        std::thread::spawn(move || {
            let (client, hosts) = &*shared;
            let next = || {
                let mut hosts = hosts.lock().unwrap_or_else(PoisonError::into_inner);
                hosts.pop_front()
            };
            while let Some(queue) = next() {
                ask_host(client, queue, &sender);
            }
        });
    }
    receiver
}

fn ask_host((client, reach): &(Client, Reach), queue: Queue, sender: &Sender<Answer>) {
    let mut silent = 0;
    let mut last = None;
    for (original, url) in queue {
        let look = match &last {
            Some(why) if silent >= PATIENCE => Look::Silent(String::clone(why)),
            _ => client.look(&url, *reach),
        };
        match &look {
            Look::Silent(why) => {
                silent += 1;
                last = Some(why.clone());
            }
            _ => silent = 0,
        }
        let is_busy = matches!(look, Look::Busy(_));
        let url = original;
        if sender.send(Answer { url, look }).is_err() || is_busy {
            return;
        }
    }
}
