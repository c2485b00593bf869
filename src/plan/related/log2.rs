//! A number → its binary logarithm, with integers alone: the same on every machine, which the
//! logarithms of platforms are not.

use super::index::BITS;

/// The binary logarithm in units of 2^-[`BITS`], rounded down; 0 for 0.
pub(super) fn log2(number: usize) -> u32 {
    let Some(whole) = number.checked_ilog2() else {
        return 0;
    };
    // The number as 1.x, with 31 digits after the point. Squaring doubles the logarithm: where the
    // square reaches 2, its next binary digit is 1.
    let mut rest = match whole {
        0..=31 => (number as u64) << (31 - whole),
        _ => (number as u64) >> (whole - 31),
    };
    let mut log = whole;
    for _ in 0..BITS {
        rest = (rest * rest) >> 31;
        log <<= 1;
        if rest >= 1 << 32 {
            rest >>= 1;
            log |= 1;
        }
    }
    log
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_logarithm_to_the_last_digit() {
        for number in (1..5_000).chain([1 << 20, (1 << 20) + 1, 16_000_001, usize::MAX >> 12]) {
            let near = (number as f64).log2() * f64::from(1_u32 << BITS);
            assert!((f64::from(log2(number)) - near).abs() <= 1.01, "{number}");
        }
        assert_eq!((log2(0), log2(1), log2(2)), (0, 0, 1 << BITS));
    }
}
