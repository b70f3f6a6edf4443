//! A page in the text format, family by family.

use prometheus::{
    Result, TextEncoder,
    proto::{Bucket, Counter, Gauge, Histogram, LabelPair, Metric, MetricFamily, MetricType},
};

/// Media type of the page.
pub(crate) const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Name and value of each label.
pub(super) type Labels<'a> = &'a [(&'static str, &'a str)];

/// The page so far.
#[derive(Debug, Default)]
pub(super) struct Page(Vec<MetricFamily>);

impl Page {
    /// Adds what only grows.
    pub(super) fn counter(&mut self, name: &str, help: &str, fill: impl FnOnce(&mut Samples)) {
        self.family(name, help, MetricType::COUNTER, fill);
    }

    /// Adds what goes up and down.
    pub(super) fn gauge(&mut self, name: &str, help: &str, fill: impl FnOnce(&mut Samples)) {
        self.family(name, help, MetricType::GAUGE, fill);
    }

    /// Adds one value without labels, where it is known.
    pub(super) fn value(&mut self, name: &str, help: &str, value: Option<f64>) {
        self.gauge(name, help, |samples| value.into_iter().for_each(|value| samples.put(&[], value)));
    }

    /// Adds one count without labels.
    pub(super) fn count(&mut self, name: &str, help: &str, count: u64) {
        self.counter(name, help, |samples| samples.count(&[], count));
    }

    /// Adds times by how long they are.
    pub(super) fn histogram(&mut self, name: &str, help: &str, fill: impl FnOnce(&mut Samples)) {
        self.family(name, help, MetricType::HISTOGRAM, fill);
    }

    fn family(&mut self, name: &str, help: &str, kind: MetricType, fill: impl FnOnce(&mut Samples)) {
        let mut samples = Samples { kind, metrics: Vec::new() };
        fill(&mut samples);
        // A family without samples says nothing.
        if samples.metrics.is_empty() {
            return;
        }
        let mut family = MetricFamily::default();
        family.set_name(name.to_owned());
        family.set_help(help.to_owned());
        family.set_field_type(kind);
        family.set_metric(samples.metrics);
        self.0.push(family);
    }

    pub(super) fn written(&self) -> Result<String> {
        TextEncoder::new().encode_to_string(&self.0)
    }
}

/// The samples of one family.
#[derive(Debug)]
pub(super) struct Samples {
    kind: MetricType,
    metrics: Vec<Metric>,
}

impl Samples {
    pub(super) fn put(&mut self, labels: Labels<'_>, value: f64) {
        let mut metric = labelled(labels);
        if self.kind == MetricType::COUNTER {
            let mut counter = Counter::default();
            counter.set_value(value);
            metric.set_counter(counter);
        } else {
            let mut gauge = Gauge::default();
            gauge.set_value(value);
            metric.set_gauge(gauge);
        }
        self.metrics.push(metric);
    }

    pub(super) fn count(&mut self, labels: Labels<'_>, count: u64) {
        self.put(labels, count as f64);
    }

    /// One sample for each value of a closed set: 1 at the one that holds.
    pub(super) fn one_of<'a>(
        &mut self,
        of: Labels<'a>,
        set: &'static str,
        holds: &str,
        all: impl Iterator<Item = &'a str>,
    ) {
        for value in all {
            let labels: Vec<_> = of.iter().copied().chain([(set, value)]).collect();
            self.put(&labels, f64::from(u8::from(value == holds)));
        }
    }

    /// Times: how many, how long together in seconds, and how many were no longer than each bound.
    pub(super) fn times(&mut self, labels: Labels<'_>, count: u64, sum: f64, up_to: impl Iterator<Item = (f64, u64)>) {
        let bucket = |(bound, count)| {
            let mut bucket = Bucket::default();
            bucket.set_upper_bound(bound);
            bucket.set_cumulative_count(count);
            bucket
        };
        let mut histogram = Histogram::default();
        histogram.set_sample_count(count);
        histogram.set_sample_sum(sum);
        histogram.set_bucket(up_to.map(bucket).collect());
        let mut metric = labelled(labels);
        metric.set_histogram(histogram);
        self.metrics.push(metric);
    }
}

fn labelled(labels: Labels<'_>) -> Metric {
    let pair = |(name, value): &(&'static str, &str)| {
        let mut pair = LabelPair::default();
        pair.set_name((*name).to_owned());
        pair.set_value((*value).to_owned());
        pair
    };
    Metric::from_label(labels.iter().map(pair).collect())
}
