//! The task of one session: reads, runs one handler at a time, writes.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use tokio::time::{Sleep, sleep};

use super::Application;
use super::registry::Slot;
use super::server::Inner;
use super::session::Session;
use crate::close::CloseReason;
use crate::stats::{count, uncount};
use crate::transports::websocket::WebSocket;

/// Messages handled in a row before other sessions get their turn.
const TURN: usize = 32;

type Running<State> = Pin<Box<dyn Future<Output = State> + Send>>;

/// Where the session's handlers are.
enum Handler<State> {
    Idle(State),
    Busy(Running<State>),
    Ending(Pin<Box<dyn Future<Output = ()> + Send>>),
    Done,
}

/// What carries the session.
enum Carrier {
    Polling,
    WebSocket(Box<WebSocket>),
    /// A polling session that was closed and whose client may still fetch its last answer.
    Farewell(Pin<Box<Sleep>>),
    Gone,
}

pub(crate) struct Driver<A: Application> {
    inner: Arc<Inner<A>>,
    session: Arc<Session<A>>,
    carrier: Carrier,
    handler: Handler<A::State>,
    waker: Option<Waker>,
    /// Writing was put off once.
    put_off: bool,
    _slot: Slot<A>,
}

// Nothing in here is pinned in place: futures are boxed.
impl<A: Application> Unpin for Driver<A> {}

impl<A: Application> Driver<A> {
    pub(crate) fn new(
        session: Arc<Session<A>>,
        state: A::State,
        websocket: Option<WebSocket>,
        slot: Slot<A>,
    ) -> Self {
        let inner = Arc::clone(&session.inner);
        count(&inner.counters.opened);
        let carrier = match websocket {
            Some(websocket) => {
                count(&inner.counters.websocket);
                Carrier::WebSocket(Box::new(websocket))
            }
            None => {
                count(&inner.counters.polling);
                Carrier::Polling
            }
        };
        Self {
            inner,
            session,
            carrier,
            handler: Handler::Idle(state),
            waker: None,
            put_off: false,
            _slot: slot,
        }
    }

    fn register(&mut self, context: &Context<'_>) {
        if self.waker.as_ref().is_none_or(|waker| !waker.will_wake(context.waker())) {
            self.waker = Some(context.waker().clone());
            let waker = self.waker.clone();
            self.session.connection.with_queue(|queue| queue.task = waker);
        }
    }

    /// Takes in what the client sent. True when reading stopped for want of room.
    fn read(&mut self, context: &mut Context<'_>) -> bool {
        match &mut self.carrier {
            Carrier::WebSocket(websocket) => websocket.read(context, &self.session),
            _ => false,
        }
    }

    /// Sends what is queued; notices the end of the transport.
    fn write(&mut self, context: &mut Context<'_>) {
        let connection = &self.session.connection;
        match &mut self.carrier {
            Carrier::WebSocket(websocket) => {
                if websocket.write(context, connection, &self.inner.config).is_ready() {
                    uncount(&self.inner.counters.websocket);
                    self.carrier = Carrier::Gone;
                }
            }
            Carrier::Polling => {
                let Some(reason) = connection.closing() else { return };
                uncount(&self.inner.counters.polling);
                let fetched = connection.with_queue(|queue| queue.polling.farewell_taken);
                self.carrier = if reason.lingers() && !fetched {
                    Carrier::Farewell(Box::pin(sleep(self.inner.config.close_grace)))
                } else {
                    Carrier::Gone
                };
                self.write(context);
            }
            Carrier::Farewell(timer) => {
                let fetched = connection.with_queue(|queue| queue.polling.farewell_taken);
                if fetched || timer.as_mut().poll(context).is_ready() {
                    self.carrier = Carrier::Gone;
                }
            }
            Carrier::Gone => {}
        }
    }

    /// Runs handlers as far as they go. True when there is more to do at once.
    fn handle(&mut self, context: &mut Context<'_>) -> bool {
        for _ in 0..TURN {
            match &mut self.handler {
                Handler::Idle(_) => {
                    if !self.begin() {
                        return false;
                    }
                }
                Handler::Busy(running) => match running.as_mut().poll(context) {
                    Poll::Ready(state) => self.handler = Handler::Idle(state),
                    Poll::Pending => return false,
                },
                Handler::Ending(ending) => match ending.as_mut().poll(context) {
                    Poll::Ready(()) => self.handler = Handler::Done,
                    Poll::Pending => return false,
                },
                Handler::Done => return false,
            }
        }
        true
    }

    /// Begins the next message or the end; false if there is nothing to begin.
    fn begin(&mut self) -> bool {
        let connection = &self.session.connection;
        if connection.is_draining() && !connection.is_closed() {
            connection.close(CloseReason::Shutdown);
        }
        let closing = connection.closing();
        if closing.is_some_and(|reason| !reason.handles_received()) {
            self.session.discard_received();
        }
        let packet = self.session.next();
        if packet.is_none() && closing.is_none() {
            return false;
        }
        // Leaves `Done` for the moment: a handler that panics takes its session with it.
        let Handler::Idle(mut state) = std::mem::replace(&mut self.handler, Handler::Done) else {
            return false;
        };
        let inner = Arc::clone(&self.inner);
        self.handler = match (packet, closing) {
            (Some(packet), _) => Handler::Busy(Box::pin(async move {
                inner.application.handle(&mut state, packet).await;
                state
            })),
            (None, reason) => {
                let reason = reason.unwrap_or(CloseReason::TransportError);
                Handler::Ending(Box::pin(async move {
                    inner.application.close(state, reason).await;
                }))
            }
        };
        true
    }

    fn take_over(&mut self) {
        if let Some(websocket) = self.session.take_over() {
            let counters = &self.inner.counters;
            if matches!(self.carrier, Carrier::Polling) {
                uncount(&counters.polling);
            }
            count(&counters.websocket);
            count(&counters.upgraded);
            self.carrier = Carrier::WebSocket(Box::new(websocket));
        }
    }
}

impl<A: Application> Future for Driver<A> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        this.register(context);
        if this.session.connection.is_killed() {
            if let Carrier::WebSocket(websocket) = &mut this.carrier {
                websocket.abort();
            }
            return Poll::Ready(());
        }
        let _running = this.session.connection.run();
        this.take_over();
        let paused = this.read(context);
        let was_idle = matches!(this.handler, Handler::Idle(_));
        let busy = was_idle && this.session.has_received();
        let mut again = this.handle(context);
        // Others that are ready to run may be about to send to this client too: letting them go
        // first turns many writes into one, and costs a turn of the scheduler.
        this.put_off = busy && !this.put_off && !this.session.connection.is_closed();
        if this.put_off {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        // Handlers have made room, so reading can go on: a reader that waits for nobody's wake
        // would wait for ever.
        again |= paused && !this.session.is_full();
        this.write(context);
        // A write may have found the transport gone, which is for the handlers to learn.
        if matches!(this.handler, Handler::Idle(_)) && this.session.connection.is_closed() {
            again |= this.handle(context);
        }
        if matches!((&this.carrier, &this.handler), (Carrier::Gone, Handler::Done)) {
            return Poll::Ready(());
        }
        if again {
            context.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

impl<A: Application> Drop for Driver<A> {
    fn drop(&mut self) {
        match &self.carrier {
            Carrier::WebSocket(_) => uncount(&self.inner.counters.websocket),
            Carrier::Polling => uncount(&self.inner.counters.polling),
            Carrier::Farewell(_) | Carrier::Gone => {}
        }
        // Only a panic, or the end of the runtime, comes here with the session open.
        self.session.connection.close(CloseReason::TransportError);
        self.session.connection.with_queue(|queue| queue.task = None);
        self.inner.registry.remove(&self.session);
    }
}
