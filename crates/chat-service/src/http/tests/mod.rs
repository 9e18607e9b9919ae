//! Every call over the router: who may, what is refused, how it is answered.

mod app;
mod matrix;
mod walk;
