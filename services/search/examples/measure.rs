//! Prints what a number of products costs in time and memory:
//! `cargo run -p search --example measure -- 10000`.

use std::error::Error;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use kernel::{Money, ProductId, Rating, Sku, VendorId};
use search::domain::{
    Category, Limit, PageRequest, ProductFilter, ProductQuery, ProductSort, ProductState,
    Publication, Rated, RatingSummary, SearchText, SellerStanding, StockLevel, Variant,
    VendorState,
};
use search::index::Catalogue;

/// How many different words the made-up texts are of.
const VOCABULARY: u64 = 20_000;

/// How often each question is asked.
const REPEATS: u32 = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let many: u64 = std::env::args().nth(1).as_deref().unwrap_or("10000").parse()?;
    let before = resident_kib()?;
    let start = Instant::now();
    let catalogue = fill(many)?;
    let took = start.elapsed();
    println!("{many} products heard and committed in {took:.2?}");
    println!("memory: {} MiB more than before", (resident_kib()? - before) / 1024);

    let (common, rare) = (word(3), word(15_000));
    ask(&catalogue, "everything", "", ProductSort::Newest)?;
    ask(&catalogue, "a common word", &common, ProductSort::Relevance)?;
    ask(&catalogue, "a rare word", &rare, ProductSort::Relevance)?;
    ask(&catalogue, "two words by price", &format!("{common} {}", word(7)), ProductSort::PriceUp)?;
    ask(&catalogue, "a mistyped word", &mistyped(&rare), ProductSort::Relevance)?;
    ask(&catalogue, "many mistyped words", &mistyped(&rare).repeat(20), ProductSort::Relevance)?;
    suggest(&catalogue, &rare)?;
    one_more(&catalogue, many)
}

fn fill(many: u64) -> Result<Catalogue, Box<dyn Error>> {
    let catalogue = Catalogue::new()?;
    let vendors: Vec<_> = (0..200).map(|_| VendorId::new()).collect();
    for (vendor_id, at) in vendors.iter().zip(0..) {
        catalogue.apply_vendor(&VendorState {
            vendor_id: *vendor_id,
            version: 1,
            display_name: format!("Shop {}", word(at)),
            since: Timestamp::UNIX_EPOCH,
            standing: SellerStanding::Active,
        })?;
    }
    for (at, vendor) in (0..many).zip(vendors.iter().cycle()) {
        apply_one(&catalogue, at, *vendor)?;
        if at % 5_000 == 0 {
            catalogue.commit()?;
        }
    }
    catalogue.commit()?;
    Ok(catalogue)
}

fn apply_one(catalogue: &Catalogue, at: u64, vendor_id: VendorId) -> Result<(), Box<dyn Error>> {
    let mut dice = Dice { state: at.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1 };
    let product_id = ProductId::new();
    let mut variants = Vec::new();
    for size in ["s", "m"] {
        let sku = Sku::parse(&format!("SKU-{at}-{size}"))?;
        catalogue.apply_stock(&StockLevel {
            sku: sku.clone(),
            version: 1,
            in_stock: dice.below(10) > 0,
        });
        let price = i64::try_from(dice.below(500_000))?;
        variants.push(Variant { sku, price: Money::inr(price) });
    }
    let count = dice.below(50);
    let rating = Rating { sum: count * 3 + dice.below(count * 2 + 1), count };
    let subject = Rated::Product(product_id);
    catalogue.apply_rating(&RatingSummary { subject, version: 1, rating });
    let section = dice.below(20);
    catalogue.apply_product(&ProductState {
        product_id,
        version: 1,
        vendor_id,
        title: dice.words(6),
        description: dice.words(80),
        category: [format!("c{section}"), format!("c{section}/d{}", dice.below(10))]
            .map(|path| Category { path, name: None })
            .to_vec(),
        options: "small medium".to_owned(),
        variants,
        created_at: Timestamp::UNIX_EPOCH + SignedDuration::from_secs(i64::try_from(at)?),
        publication: Publication::Published,
    })?;
    Ok(())
}

fn ask(
    catalogue: &Catalogue,
    what: &str,
    text: &str,
    sort: ProductSort,
) -> Result<(), Box<dyn Error>> {
    let query = ProductQuery {
        text: SearchText::parse(&text.chars().take(200).collect::<String>())?,
        filter: ProductFilter::ANY,
        sort,
        page: PageRequest { limit: Limit::new(20)?, after: None },
    };
    let total = catalogue.search_products(&query)?.total;
    let start = Instant::now();
    for _ in 0..REPEATS {
        catalogue.search_products(&query)?;
    }
    println!("{what}: {:.2?}, {total} hits", start.elapsed() / REPEATS);
    Ok(())
}

fn suggest(catalogue: &Catalogue, word: &str) -> Result<(), Box<dyn Error>> {
    let typed = SearchText::parse(word.get(..3).unwrap_or(word))?;
    let start = Instant::now();
    for _ in 0..REPEATS {
        catalogue.suggest(&typed)?;
    }
    println!("a suggestion: {:.2?}", start.elapsed() / REPEATS);
    Ok(())
}

fn one_more(catalogue: &Catalogue, at: u64) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    apply_one(catalogue, at, VendorId::new())?;
    catalogue.commit()?;
    println!("one more product, committed: {:.2?}", start.elapsed());
    Ok(())
}

/// Numbers that look random and are the same at every run.
struct Dice {
    state: u64,
}

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % end
    }

    /// Words of which the first of the vocabulary are the most frequent.
    fn words(&mut self, many: usize) -> String {
        let pick = |_| {
            let most = self.below(VOCABULARY) + 1;
            word(self.below(most))
        };
        (0..many).map(pick).collect::<Vec<_>>().join(" ")
    }
}

/// The word of a number: two to four syllables.
fn word(number: u64) -> String {
    const SYLLABLES: [&str; 16] = [
        "ba", "ke", "lo", "mi", "nu", "pra", "ri", "so", "ta", "vel", "wi", "xo", "ya", "zen",
        "cho", "du",
    ];
    let mut rest = number + 16;
    let mut word = String::new();
    while rest > 0 {
        let at = usize::try_from(rest % 16).unwrap_or(0);
        word.push_str(SYLLABLES[at]);
        rest /= 16;
    }
    word
}

/// `word` with an `o` more in its middle, and a blank behind it.
fn mistyped(word: &str) -> String {
    let (start, end) = word.split_at(word.len() / 2);
    format!("{start}o{end} ")
}

fn resident_kib() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1)).ok_or("no VmRSS")?;
    Ok(number.parse()?)
}
