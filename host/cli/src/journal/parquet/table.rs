//! One Parquet file. A group of rows is held in memory, so that memory does not grow with the journal.

use std::{fs::File, path::Path, sync::Arc};

use anyhow::{Result, anyhow};
use parquet::{
    basic::Compression,
    data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type},
    file::{
        properties::WriterProperties,
        writer::{SerializedColumnWriter, SerializedFileWriter},
    },
    schema::parser::parse_message_type,
};
use serde_json::{Map, Value};

use super::columns::{Column, Kind};

/// Rows of a group.
const GROUP: usize = 20_000;

/// The values of a column that are there, and for each row whether one is.
struct Buffer {
    column: Column,
    values: Values,
    present: Vec<i16>,
}

enum Values {
    Whole(Vec<i64>),
    Real(Vec<f64>),
    Text(Vec<ByteArray>),
    Flag(Vec<bool>),
}

pub(super) struct Table {
    writer: SerializedFileWriter<File>,
    buffers: Vec<Buffer>,
    rows: usize,
}

impl Table {
    pub(super) fn create(path: &Path, name: &str, columns: Vec<Column>) -> Result<Self> {
        let schema = Arc::new(parse_message_type(&message(name, &columns))?);
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = SerializedFileWriter::new(File::create(path)?, schema, Arc::new(properties))?;
        let buffer = |column: Column| Buffer { column, values: Values::of(column.kind), present: Vec::new() };
        Ok(Self { writer, buffers: columns.into_iter().map(buffer).collect(), rows: 0 })
    }

    /// Adds a row. A field is taken from the first of the objects that has it.
    pub(super) fn push(&mut self, objects: &[&Map<String, Value>]) -> Result<()> {
        for buffer in &mut self.buffers {
            let field = if buffer.column.kind == Kind::Time { "event_time_ms" } else { buffer.column.name };
            let value = objects.iter().find_map(|fields| fields.get(field));
            let taken = value.is_some_and(|value| buffer.values.take(value));
            buffer.present.push(i16::from(taken));
        }
        self.rows += 1;
        if self.rows == GROUP { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for buffer in &mut self.buffers {
            let mut column =
                group.next_column()?.ok_or_else(|| anyhow!("the file has fewer columns than its schema"))?;
            buffer.values.write(&mut column, &buffer.present)?;
            column.close()?;
            buffer.present.clear();
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<()> {
        self.flush()?;
        self.writer.close()?;
        Ok(())
    }
}

impl Values {
    const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Whole | Kind::Time => Self::Whole(Vec::new()),
            Kind::Real => Self::Real(Vec::new()),
            Kind::Text => Self::Text(Vec::new()),
            Kind::Flag => Self::Flag(Vec::new()),
        }
    }

    /// Takes a value, and says whether there was one.
    fn take(&mut self, value: &Value) -> bool {
        match self {
            Self::Whole(all) => value.as_u64().map(|n| all.push(n.cast_signed())),
            // NaN and infinities have no number in JSON and are written as text.
            Self::Real(all) => value.as_f64().or_else(|| value.as_str()?.parse().ok()).map(|x| all.push(x)),
            Self::Text(all) => match value {
                Value::Null => None,
                Value::String(text) => Some(ByteArray::from(text.as_str())),
                nested => Some(ByteArray::from(nested.to_string().into_bytes())),
            }
            .map(|text| all.push(text)),
            Self::Flag(all) => value.as_bool().map(|yes| all.push(yes)),
        }
        .is_some()
    }

    fn write(&mut self, column: &mut SerializedColumnWriter<'_>, present: &[i16]) -> Result<()> {
        match self {
            Self::Whole(all) => {
                column.typed::<Int64Type>().write_batch(all, Some(present), None)?;
                all.clear();
            }
            Self::Real(all) => {
                column.typed::<DoubleType>().write_batch(all, Some(present), None)?;
                all.clear();
            }
            Self::Text(all) => {
                column.typed::<ByteArrayType>().write_batch(all, Some(present), None)?;
                all.clear();
            }
            Self::Flag(all) => {
                column.typed::<BoolType>().write_batch(all, Some(present), None)?;
                all.clear();
            }
        }
        Ok(())
    }
}

fn message(name: &str, columns: &[Column]) -> String {
    let column = |c: &Column| {
        let (before, after) = match c.kind {
            Kind::Whole => ("int64", "(INTEGER(64,false))"),
            Kind::Time => ("int64", "(TIMESTAMP(MILLIS,true))"),
            Kind::Real => ("double", ""),
            Kind::Text => ("binary", "(STRING)"),
            Kind::Flag => ("boolean", ""),
        };
        format!("optional {before} {} {after};", c.name)
    };
    format!("message {name} {{ {} }}", columns.iter().map(column).collect::<Vec<_>>().join(" "))
}
