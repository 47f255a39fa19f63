//! How long a check of twelve medicines takes: decoding the facts, the check, and both together, as a
//! cold `ketum interact` does. The target is 20 ms for both.
//!
//! `cargo bench -p ketum --bench interactions`

use criterion::{Criterion, criterion_group, criterion_main};
use ketum::interaction::{Checker, Named, Product, check};
use ketum_data::catalogue::Catalogue;

const NAMES: [&str; 13] = [
    "kratom",
    "midazolam",
    "simvastatin",
    "triazolam",
    "tacrolimus",
    "digoxin",
    "felodipine",
    "ciclosporin",
    "alprazolam",
    "buprenorphine",
    "fentanyl",
    "carbamazepine",
    "sertraline",
];

fn twelve_medicines(bench: &mut Criterion) {
    let named: Vec<Named> = NAMES.iter().map(|name| Named::plain(*name)).collect();
    let once = Product::default();
    let three_a_day = Product {
        mitragynine_mg: Some(30.0),
        times: vec![8.0, 14.0, 20.0],
        ..Product::default()
    };
    #[allow(clippy::expect_used)] // a benchmark without facts has nothing to measure
    let catalogue = Catalogue::embedded().expect("the embedded catalogue can be read");
    bench.bench_function("decode the facts", |bench| bench.iter(Catalogue::embedded));
    bench.bench_function("twelve medicines", |bench| {
        bench.iter(|| check(&catalogue, &named, &once));
    });
    bench.bench_function("twelve medicines, index kept", |bench| {
        let checker = Checker::new(&catalogue);
        bench.iter(|| checker.check(&named, &once));
    });
    bench.bench_function("twelve medicines, three doses a day", |bench| {
        bench.iter(|| check(&catalogue, &named, &three_a_day));
    });
    bench.bench_function("decode the facts and twelve medicines", |bench| {
        bench.iter(|| Catalogue::embedded().map(|catalogue| check(&catalogue, &named, &once)));
    });
}

criterion_group!(benches, twelve_medicines);
criterion_main!(benches);
