//! The web app is embedded: build anew when it was.

fn main() {
    println!("cargo:rerun-if-changed=../../web/dist");
}
