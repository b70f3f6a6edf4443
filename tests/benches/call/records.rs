//! The same data as one would write it at first: records, and strings for names and closed sets. On bare wasmtime.

use std::hint::black_box;

use bulkhead_policy::{Context, hooks::veto::Input};
use wasmtime::{
    Store,
    component::{Component, Linker},
};

use crate::{Variant, columns::bare_engine, component};

wasmtime::component::bindgen!({ path: "guests/bench-records/wit", world: "records" });

use exports::bulkhead::bench::risk as wit;

pub(crate) fn bare(context: &'static Context, input: &'static Input) -> Variant {
    let engine = bare_engine();
    let bytes = std::fs::read(component("bench-records.wasm")).unwrap();
    let component = Component::from_binary(&engine, &bytes).unwrap();
    let mut store = Store::new(&engine, ());
    let records = Records::instantiate(&mut store, &component, &Linker::new(&engine)).unwrap();
    // Made once: the host's own work of building records is not counted against them.
    let (ctx, signal, rows, account) = (ctx(context), signal(input), rows(input), account(input));
    let call = move || {
        let risk = records.bulkhead_bench_risk();
        black_box(risk.call_check(&mut store, &ctx, &signal, &rows, account).unwrap()).unwrap();
    };
    Variant { name: "records", call: Box::new(call) }
}

/// Length of a usual symbol.
fn symbol(id: u32) -> String {
    format!("SYM{id:03}USDT")
}

fn ctx(c: &Context) -> wit::Context {
    wit::Context {
        event_time_ms: c.event_time_ms,
        cycle: c.cycle,
        stage: c.stage.name().to_owned(),
        mode: c.mode.name().to_owned(),
        risk_mode: c.risk_mode.name().to_owned(),
        directives: c.directives.map(|d| wit::Directives {
            id: d.id,
            age_ms: d.age_ms,
            allow_new_trades: d.allow_new_trades,
            allow_new_positions: d.allow_new_positions,
            enforce_defensive_exits: d.enforce_defensive_exits,
            reduce_global_risk: d.reduce_global_risk,
            confidence_threshold: d.confidence_threshold,
            scale_position_sizes: d.scale_position_sizes,
            universe_mode: d.universe_mode.name().to_owned(),
            order_preference: d.order_preference.name().to_owned(),
            enforce_limit_orders: d.enforce_limit_orders,
            max_slippage_bps: d.max_slippage_bps,
            max_spread_bps: d.max_spread_bps,
            reduce_exposure_pct: d.reduce_exposure_pct,
            max_position_count: d.max_position_count,
            max_leverage_x: d.max_leverage_x,
            concentration_limit_pct: d.concentration_limit_pct,
            reduce_correlated_positions: d.reduce_correlated_positions,
            avoid_expansion_symbols: d.avoid_expansion_symbols,
            use_conservative_predictions: d.use_conservative_predictions,
        }),
    }
}

fn signal(input: &Input) -> wit::Signal {
    let c = &input.candidate;
    wit::Signal {
        symbol: symbol(c.symbol),
        side: c.side.name().to_owned(),
        confidence: c.confidence,
        size_usd: c.size_usd,
        leverage_x: c.leverage_x,
        risk_usd: c.risk_usd,
        price: c.price,
        price_age_ms: c.price_age_ms,
        paused: c.marks.paused,
        force_exit: c.marks.force_exit,
        blacklisted: c.marks.blacklisted,
        whitelisted: c.marks.whitelisted,
    }
}

fn rows(input: &Input) -> Vec<wit::Position> {
    let e = &input.exposures;
    let columns = e.symbols.iter().zip(&e.size_usd);
    columns.map(|(id, size)| wit::Position { symbol: symbol(*id), size_usd: *size }).collect()
}

fn account(input: &Input) -> wit::Account {
    let a = &input.account;
    wit::Account {
        equity_usd: a.equity_usd,
        free_margin_usd: a.free_margin_usd,
        used_margin_usd: a.used_margin_usd,
        daily_drawdown_pct: a.daily_drawdown_pct,
        open_drawdown_pct: a.open_drawdown_pct,
        daily_loss_usd: a.daily_loss_usd,
        gross_exposure_usd: a.gross_exposure_usd,
        net_exposure_usd: a.net_exposure_usd,
        open_risk_usd: a.open_risk_usd,
        open_positions: a.open_positions,
        losing_streak: a.losing_streak,
    }
}
