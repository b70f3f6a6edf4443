//! What holds whatever the input.

use super::*;

/// A question with numbers that may be none.
#[derive(Clone)]
struct Question {
    context: Context,
    candidate: Candidate,
    base_size_usd: f64,
    exposures: Exposures,
    account: Account,
    market: Market,
}

impl Question {
    fn silly(random: &mut Random) -> Self {
        let rows = random.below(70) as u32;
        let event_time_ms = random.below(100) * random.below(10) * MINUTE_MS;
        Self {
            context: Context { event_time_ms, ..testing::context() },
            candidate: Candidate {
                symbol: random.below(80) as u32,
                side: if random.below(2) == 0 { Side::Long } else { Side::Short },
                confidence: random.silly(),
                leverage_x: random.silly(),
                ..testing::candidate()
            },
            // The host's are finite and not negative.
            base_size_usd: [0.0, 1e-300, 1e300, f64::MAX, random.between(0.0, 1e5)][random.below(5) as usize],
            exposures: Exposures {
                symbols: (0..rows).map(|_| random.below(80) as u32).collect(),
                size_usd: (0..rows).map(|_| random.silly()).collect(),
            },
            account: Account {
                equity_usd: if random.below(2) == 0 { random.silly() } else { random.between(0.0, 1e6) },
                gross_exposure_usd: random.silly(),
                open_positions: random.below(70) as u32,
                ..testing::account()
            },
            market: Market { volatility_bps: random.silly() * 10.0, trend: random.silly(), ..testing::market() },
        }
    }

    fn ask(&self, plugin: &mut RlPositionSizing) -> f64 {
        let symbols = SymbolTable::empty();
        let ctx = Ctx::new(&self.context, &symbols);
        let Self { candidate, base_size_usd, exposures, account, market, .. } = self;
        plugin.size(&ctx, candidate, *base_size_usd, exposures, account, market).unwrap()
    }
}

#[test]
fn a_size_is_a_number_from_zero_to_the_cap_whatever_is_asked() {
    let mut random = Random::new(11);
    for json in ["{}", r#"{"size_cap": 1.5}"#, r#"{"size_cap": 0.3, "min_size_usd": 0}"#, r#"{"size_cap": 0}"#] {
        let mut plugin = plugin(json).unwrap();
        let mut over_zero = 0;
        for _ in 0..20_000 {
            let question = Question::silly(&mut random);
            let size = question.ask(&mut plugin);
            // The host's own comparison.
            assert!(size.is_finite() && size >= 0.0 && size <= question.base_size_usd * plugin.config.size_cap);
            assert!(size == 0.0 || size >= plugin.config.min_size_usd && size <= plugin.config.max_size_usd);
            over_zero += u32::from(size > 0.0);
        }
        assert!(over_zero > 500 || plugin.config.size_cap == 0.0, "{json}: {over_zero}");
    }
}

#[test]
fn twins_agree_in_every_answer_and_in_what_they_learned() {
    let mut random = Random::new(12);
    let (mut one, mut other) = (plugin("{}").unwrap(), plugin("{}").unwrap());
    let mut desk = Desk::new();
    let mut sizes = std::collections::BTreeSet::new();
    for round in 0..3_000u64 {
        let (symbol, by) = (random.below(5) as u32, random.between(-0.04, 0.04));
        let usd = random.between(-6_000.0, 6_000.0);
        desk.market.volatility_bps = random.between(1.0, 30.0);
        desk.market.trend = random.between(-1.0, 1.0);
        if round % 7 == 0 {
            desk.equity_usd = 100_000.0;
        }
        let size = desk.clone().trade(&mut one, symbol, usd, by);
        assert_eq!(desk.trade(&mut other, symbol, usd, by), size);
        sizes.insert(size.to_bits());
    }
    assert_eq!(one.snapshot().unwrap().bytes, other.snapshot().unwrap().bytes);
    assert!(one.memory.outcomes > 2_000 && sizes.len() > 20, "hardly anything happened");
}

#[test]
fn the_same_state_and_question_have_the_same_answer_for_every_symbol_and_order_of_rows() {
    let (mut trained, mut desk) = (plugin("{}").unwrap(), Desk::new());
    desk.held.extend([(50, 9_000.0), (51, -9_000.0), (52, 7_000.0)]);
    for _ in 0..9 {
        desk.trade(&mut trained, 0, 5_000.0, -0.02);
    }
    desk.look(&mut trained);
    let want = desk.ask(&mut trained, 3, Side::Long);
    assert!(want < 5_000.0);
    for symbol in [4, 60, 150] {
        assert_eq!(desk.ask(&mut trained, symbol, Side::Short), want);
    }
    let symbols = SymbolTable::empty();
    let context = Context { event_time_ms: desk.now_ms, ..testing::context() };
    let mut exposures = desk.exposures();
    for _ in 0..3 {
        exposures.symbols.rotate_left(1);
        exposures.size_usd.rotate_left(1);
        let candidate = Candidate { leverage_x: 5.0, ..testing::candidate() };
        let ctx = Ctx::new(&context, &symbols);
        let got = trained.size(&ctx, &candidate, 5_000.0, &exposures, &desk.account(), &desk.market).unwrap();
        assert_eq!(got, want);
    }
    // None of these looks was taken for an outcome.
    assert_eq!(trained.memory.outcomes, 9);
}

#[test]
fn untrained_neither_volatility_nor_exposure_nor_leverage_makes_a_size_larger() {
    let mut random = Random::new(13);
    let mut fell = [0; 3];
    for _ in 0..5_000 {
        let mut question = Question::silly(&mut random);
        question.base_size_usd = random.between(0.0, 9_000.0);
        question.account.equity_usd = random.between(1_000.0, 100_000.0);
        question.candidate.leverage_x = random.between(1.0, 30.0);
        question.market.volatility_bps = random.between(0.5, 20.0);
        question.account.gross_exposure_usd = random.between(0.0, 50_000.0);
        question.exposures = testing::exposures();
        let size = question.ask(&mut plugin("{}").unwrap());
        let by = random.between(1.0, 10.0);
        for (at, change) in [
            (|question, by| question.market.volatility_bps *= by) as fn(&mut Question, f64),
            |question, by| question.candidate.leverage_x *= by,
            |question, by| question.account.gross_exposure_usd *= by,
        ]
        .into_iter()
        .enumerate()
        {
            let mut changed = question.clone();
            change(&mut changed, by);
            let got = changed.ask(&mut plugin("{}").unwrap());
            assert!(got <= size, "{at}: {got} over {size}");
            fell[at] += u32::from(got < size);
        }
    }
    assert!(fell[0] > 500 && fell[1] > 500, "{fell:?}");
}
