//! The sessions there are, and how many each address has.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::Application;
use super::server::Inner;
use super::session::Session;
use crate::endpoint::refusal::Refusal;
use crate::sync::lock;

/// All sessions of a server.
pub(crate) struct Registry<A: Application> {
    tables: Mutex<Tables<A>>,
    /// The last session is gone.
    pub(crate) emptied: Notify,
}

struct Tables<A: Application> {
    by_id: HashMap<u64, Arc<Session<A>>>,
    /// Sessions that began with polling, which later requests ask for.
    by_sid: HashMap<Box<str>, Arc<Session<A>>>,
    addresses: HashMap<IpAddr, usize>,
    slots: usize,
}

impl<A: Application> Registry<A> {
    pub(crate) fn new() -> Self {
        let tables = Tables {
            by_id: HashMap::new(),
            by_sid: HashMap::new(),
            addresses: HashMap::new(),
            slots: 0,
        };
        Self { tables: Mutex::new(tables), emptied: Notify::new() }
    }

    pub(crate) fn add(&self, session: &Arc<Session<A>>, by_sid: bool) {
        let mut tables = lock(&self.tables);
        tables.by_id.insert(session.connection.id(), Arc::clone(session));
        if by_sid {
            tables.by_sid.insert(session.connection.sid().into(), Arc::clone(session));
        }
    }

    pub(crate) fn find(&self, sid: &str) -> Option<Arc<Session<A>>> {
        lock(&self.tables).by_sid.get(sid).cloned()
    }

    pub(crate) fn all(&self) -> Vec<Arc<Session<A>>> {
        lock(&self.tables).by_id.values().cloned().collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        lock(&self.tables).slots == 0
    }

    pub(crate) fn remove(&self, session: &Session<A>) {
        let mut tables = lock(&self.tables);
        let first = tables.by_id.remove(&session.connection.id());
        let second = tables.by_sid.remove(session.connection.sid());
        drop(tables);
        // Dropped outside of the lock: what the application keeps in a session may do anything.
        drop((first, second));
    }
}

/// The right to one session, given back when dropped.
pub(crate) struct Slot<A: Application> {
    inner: Arc<Inner<A>>,
    address: IpAddr,
}

impl<A: Application> Slot<A> {
    /// Takes a slot for `peer`, if the limits allow.
    pub(crate) fn take(inner: &Arc<Inner<A>>, peer: IpAddr) -> Result<Self, Refusal> {
        let address = network(peer);
        let mut tables = lock(&inner.registry.tables);
        if tables.slots >= inner.config.max_sessions {
            return Err(Refusal::TooManySessions);
        }
        let of_address = tables.addresses.get(&address).copied().unwrap_or(0);
        if of_address >= inner.config.max_sessions_per_address {
            return Err(Refusal::TooManySessionsOfAddress);
        }
        tables.addresses.insert(address, of_address + 1);
        tables.slots += 1;
        drop(tables);
        Ok(Self { inner: Arc::clone(inner), address })
    }
}

impl<A: Application> Drop for Slot<A> {
    fn drop(&mut self) {
        let registry = &self.inner.registry;
        let mut tables = lock(&registry.tables);
        tables.slots = tables.slots.saturating_sub(1);
        if let Some(count) = tables.addresses.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                tables.addresses.remove(&self.address);
            }
        }
        if tables.slots == 0 {
            registry.emptied.notify_waiters();
        }
    }
}

/// Who is counted as one: an IPv4 address, or the /64 that an IPv6 client usually has to itself.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn addresses_are_counted_by_what_one_client_has() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }
}
