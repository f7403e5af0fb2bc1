//! Dates as the API writes them: ISO 8601 in UTC with milliseconds and a `Z`.

use time::OffsetDateTime;
use time::macros::format_description;

/// Formats milliseconds since 1970.
pub fn iso(milliseconds: i64) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000)
        .ok()
        .and_then(|date| date.format(&format).ok())
        .unwrap_or_else(|| "1970-01-01T00:00:00.000Z".to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_date_ends_in_milliseconds_and_z() {
        assert_eq!(super::iso(1_660_893_578_007), "2022-08-19T07:19:38.007Z");
    }
}
