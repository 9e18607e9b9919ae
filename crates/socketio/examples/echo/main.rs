//! The server that the official protocol test suites expect:
//! `cargo run -p socketio --example echo -- --listen 127.0.0.1:3000`.

mod service;

use std::error::Error;

use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let address = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => "127.0.0.1:3000",
        ["--listen", address] => address,
        _ => return Err("usage: echo [--listen ADDRESS:PORT]".into()),
    };
    let listener = TcpListener::bind(address).await?;
    service::serve(listener, service::Echoes::new(service::suite_config())).await;
    Ok(())
}
