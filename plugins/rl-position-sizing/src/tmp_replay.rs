use crate::situation::StateId;
use crate::watch::Watch;
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::testing;
#[test]
fn replay() {
    let text = std::fs::read_to_string("/tmp/rlps/obs.in").unwrap();
    let mut w = Watch::default();
    let mut who: Vec<(u64, u64, u32)> = vec![(0, 0, 0); 240];
    let mut out = String::new();
    for (i, line) in text.lines().enumerate() {
        let f: Vec<f64> = line.split(' ').map(|x| x.parse().unwrap()).collect();
        let n = f[14] as usize;
        let ex = Exposures {
            symbols: (0..n).map(|k| f[15 + 2 * k] as u32).collect(),
            size_usd: (0..n).map(|k| f[16 + 2 * k]).collect(),
        };
        let acc =
            Account { equity_usd: f[8], gross_exposure_usd: f[9], open_positions: f[10] as u32, ..testing::account() };
        for (s, o) in w.observe(f[0] as u64, 30 * 60_000, &acc, &ex) {
            let (corr, at, sym) = who[s.number() as usize];
            // share 1 minus share 0 = profit - .5 dd
            out += &format!("{corr} {at} {sym} {} {:?}\n", f[0] as u64, o);
        }
        let id = (i % 240) as u8;
        who[id as usize] = (f[1] as u64, f[0] as u64, f[2] as u32);
        let cand = Candidate {
            symbol: f[2] as u32,
            side: if f[3] == 0.0 { Side::Long } else { Side::Short },
            ..testing::candidate()
        };
        w.decide(f[0] as u64, &cand, StateId::of_number(id).unwrap());
    }
    std::fs::write("/tmp/rlps/obs.out", out).unwrap();
}
