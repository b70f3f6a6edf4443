//! What the subsystems tell the coordinator.

use std::sync::{Arc, atomic::Ordering};

use bulkhead_journal::{EventKind, GuestStep};
use bulkhead_policy::{Context, Mode, hooks::coordination::Inputs, reports::SubsystemReport};
use bulkhead_sandbox::{Fault, Instance};

use crate::{Moment, Registry, call::context, fold::encode, subsystem::Subsystem, world::Version};

impl Registry {
    /// Fills the inputs of a coordination with the reports of all subsystems that have one and are not off. A report
    /// that fails leaves its input absent: nobody has said anything.
    pub fn collect_reports(&self, moment: &Moment, inputs: &mut Inputs) {
        let world = self.worlds.now();
        let dials = self.dials_of(&world);
        if !dials.brake.allows_plugins() {
            return;
        }
        let guidance = self.guidance(moment.event_time_ms);
        for slot in &self.subsystems {
            let mode = world.mode(slot.index);
            if mode == Mode::Off || slot.out.load(Ordering::Acquire) {
                continue;
            }
            let context = context(moment, dials.stage, mode, &guidance);
            let Some(version) = world.version(slot.index) else { continue };
            match self.report_of(slot, version, &context) {
                Ok(Some(report)) => place(inputs, report),
                Ok(None) => {}
                Err(fault) => {
                    slot.failed(&fault);
                    self.strike(slot, version, fault.class, moment.event_time_ms);
                    let text = format!("report failed: {fault}; its input to the coordinator is absent");
                    self.event(moment.event_time_ms, EventKind::Note, &slot.name, text);
                }
            }
        }
    }

    /// The report of a version. One whose state went to the next one is not asked: that one is.
    fn report_of(
        &self,
        slot: &Subsystem,
        version: &Arc<Version>,
        context: &Context,
    ) -> Result<Option<SubsystemReport>, Fault> {
        let mut version = Arc::clone(version);
        loop {
            if !version.pool.plugin().reports() {
                return Ok(None);
            }
            match version.pool.lease() {
                Ok(mut lease) => return lease.with(|instance| self.report_by(slot, &version, instance, context)),
                Err(_) if version.pool.handed_over() => {}
                Err(fault) => return Err(fault),
            }
            match self.worlds.now().version(slot.index) {
                Some(next) => version = Arc::clone(next),
                None => return Ok(None),
            }
        }
    }

    /// The report of an instance, written down: it may change what the instance says next.
    fn report_by(
        &self,
        slot: &Subsystem,
        version: &Version,
        instance: &mut Instance,
        context: &Context,
    ) -> Result<Option<SubsystemReport>, Fault> {
        let now_ms = context.event_time_ms;
        let name = self.note_life(now_ms, version, instance.life());
        let said = instance.report(context, &slot.spec.budget);
        if name != 0 {
            let step = GuestStep::Reported {
                cycle: context.cycle,
                stage: context.stage,
                mode: context.mode,
                risk_mode: context.risk_mode,
                directive: context.directives.map(|directives| (directives.id, directives.age_ms)),
                report: said.as_ref().ok().map(encode),
                fault: said.as_ref().err().map(|fault| fault.class),
            };
            self.note_step(now_ms, version.reference, name, instance.life().turn(), step);
        }
        said
    }
}

/// What the host measured itself is not overwritten by what a plugin says.
fn place(inputs: &mut Inputs, report: SubsystemReport) {
    match report {
        SubsystemReport::Universe(r) => inputs.universe = inputs.universe.or(Some(r)),
        SubsystemReport::Risk(r) => inputs.risk = inputs.risk.or(Some(r)),
        SubsystemReport::Positions(r) => inputs.positions = inputs.positions.or(Some(r)),
        SubsystemReport::Execution(r) => inputs.execution = inputs.execution.or(Some(r)),
        SubsystemReport::Models(r) => inputs.models = inputs.models.or(Some(r)),
        SubsystemReport::SelfHealing(r) => inputs.self_healing = inputs.self_healing.or(Some(r)),
        SubsystemReport::Amplification(r) => inputs.amplification = inputs.amplification.take().or(Some(r)),
        SubsystemReport::Orchestrator(r) => inputs.orchestrator = inputs.orchestrator.or(Some(r)),
        SubsystemReport::Portfolio(r) => inputs.portfolio = inputs.portfolio.or(Some(r)),
    }
}
