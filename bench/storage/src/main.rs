//! What a durable message costs in our store, against a bare loop over rusqlite that writes the
//! same rows under the same keys in the same batches. Both run by turns in one process, so that
//! the disk's and the machine's moods meet both.
//!
//! ```text
//! cargo run --release -p storage-bench -- --seconds 3 --rounds 3
//! cargo run --release -p storage-bench -- --preload 5000000
//! ```

mod bare;
mod measure;
mod ours;
mod preload;
mod reads;
mod world;

use std::path::PathBuf;

use clap::Parser;
use measure::{Cost, median};

/// The allocator that the program itself has.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Durable messages a second and CPU a message: our store and a bare loop, by turns.
#[derive(Debug, Clone, Parser)]
struct Options {
    /// Callers, each of whom waits for its message to be on disk before it writes the next.
    #[arg(long, default_value_t = 256)]
    callers: usize,
    /// Seconds of each turn.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Turns of each.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Chats that one caller writes in, by turns; everybody is in all 200.
    #[arg(long, default_value_t = 8)]
    spread: usize,
    /// Leave the bare loop out, to profile our store.
    #[arg(long)]
    alone: bool,
    /// Messages there before, 100,000 of them in one chat.
    #[arg(long, default_value_t = 0)]
    preload: u64,
    /// Where to write; a directory of the temporary directory when absent.
    #[arg(long)]
    directory: Option<PathBuf>,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[expect(clippy::print_stdout, reason = "a table is what it is for")]
fn main() -> Result<(), Failure> {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let scratch = match &options.directory {
        Some(directory) => tempfile::tempdir_in(directory)?,
        None => tempfile::tempdir()?,
    };
    let (ours_at, bare_at) = (scratch.path().join("ours"), scratch.path().join("bare"));
    std::fs::create_dir(&ours_at)?;
    std::fs::create_dir(&bare_at)?;

    // Both begin with the same file.
    let world = runtime.block_on(world::build(&ours_at, options.callers))?;
    if options.preload > 0 {
        preload::fill(&ours_at.join("chats.db"), &world, options.preload)?;
    }
    std::fs::copy(ours_at.join("chats.db"), bare_at.join("chats.db"))?;

    let store = world::open(&ours_at)?;
    let mut bare = bare::Loop::start(&bare_at.join("chats.db"))?;
    let (mut of_ours, mut of_bare) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        if !options.alone {
            of_bare.push(runtime.block_on(bare.turn(&world, &options))?);
        }
        of_ours.push(runtime.block_on(ours::turn(&store, &world, &options))?);
    }

    println!(
        "{} callers, each in {} of {} chats, {} messages before, {} turns of {} s each, by turns\n",
        options.callers,
        options.spread,
        world.chats.len(),
        options.preload,
        options.rounds,
        options.seconds
    );
    println!(
        "| writes | durable messages/s | µs CPU a message | p50 ms | p99 ms | KiB written a message |"
    );
    println!("| --- | --- | --- | --- | --- | --- |");
    row("bare rusqlite loop", &of_bare);
    row("our store", &of_ours);
    let by_rate = ratios(&of_ours, &of_bare, |cost| cost.rate);
    let by_cpu = ratios(&of_bare, &of_ours, |cost| cost.cpu);
    println!("\nOurs over bare, median of the turns: rate {by_rate:.2}, CPU {by_cpu:.2}.\n");

    println!("| reads of our store | µs CPU | µs |");
    println!("| --- | --- | --- |");
    for read in runtime.block_on(reads::measure(&store, &world))? {
        println!("| {} | {:.0} | {:.0} |", read.name, read.cpu, read.wall);
    }
    Ok(())
}

/// The median of what each turn of one is of the turn of the other beside it.
fn ratios(of: &[Cost], to: &[Cost], value: impl Fn(&Cost) -> f64) -> f64 {
    median(of.iter().zip(to).map(|(of, to)| value(of) / value(to)).collect())
}

#[expect(clippy::print_stdout, reason = "a table is what it is for")]
fn row(name: &str, turns: &[Cost]) {
    let of = |value: fn(&Cost) -> f64| median(turns.iter().map(value).collect());
    println!(
        "| {name} | {:.0} | {:.1} | {:.1} | {:.1} | {:.2} |",
        of(|cost| cost.rate),
        of(|cost| cost.cpu),
        of(|cost| cost.p50),
        of(|cost| cost.p99),
        of(|cost| cost.written)
    );
}
