//! Small symmetric positive definite matrices: Cholesky factor, solves, eigenvectors by Jacobi's method.

/// A square matrix, row by row.
pub type Square = Vec<Vec<f64>>;

/// The identity.
#[must_use]
pub fn identity(n: usize) -> Square {
    (0..n)
        .map(|i| (0..n).map(|j| if i == j { 1.0 } else { 0.0 }).collect())
        .collect()
}

/// Lower triangular `L` with `L·Lᵀ = a`, or `None` where `a` is not positive definite.
#[must_use]
pub fn cholesky(a: &Square) -> Option<Square> {
    let n = a.len();
    let mut l = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
            let rest = a[i][j] - dot;
            if i == j {
                // Written so that a value that is not a number fails too.
                if !(rest > 0.0 && rest.is_finite()) {
                    return None;
                }
                l[i][i] = rest.sqrt();
            } else {
                l[i][j] = rest / l[j][j];
            }
        }
    }
    Some(l)
}

/// `y` with `L·y = b` for a lower triangular `L`.
#[must_use]
pub fn forward(l: &Square, b: &[f64]) -> Vec<f64> {
    let mut y = vec![0.0; b.len()];
    for i in 0..b.len() {
        let dot: f64 = (0..i).map(|k| l[i][k] * y[k]).sum();
        y[i] = (b[i] - dot) / l[i][i];
    }
    y
}

/// `L·x` for a lower triangular `L`.
#[must_use]
pub fn lower_times(l: &Square, x: &[f64]) -> Vec<f64> {
    l.iter()
        .enumerate()
        .map(|(i, row)| row.iter().take(i + 1).zip(x).map(|(a, b)| a * b).sum())
        .collect()
}

/// Eigenvalues, rising, and eigenvectors as columns: cyclic Jacobi rotations until the part off the
/// diagonal is below 1e-14 of the whole (Golub and Van Loan, section 8.5).
#[must_use]
pub fn eigen(a: &Square) -> (Vec<f64>, Square) {
    let n = a.len();
    let mut a = a.clone();
    let mut v = identity(n);
    for _ in 0..60 {
        let whole: f64 = a.iter().flatten().map(|x| x * x).sum();
        let off: f64 = (0..n)
            .flat_map(|i| (0..n).filter(move |j| *j != i).map(move |j| (i, j)))
            .map(|(i, j)| a[i][j] * a[i][j])
            .sum();
        if off <= 1e-28 * whole {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                if a[p][q] == 0.0 {
                    continue;
                }
                let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let t = if theta == 0.0 { 1.0 } else { t };
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for row in a.iter_mut() {
                    (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
                }
                for k in 0..n {
                    (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]);
                }
                for row in v.iter_mut() {
                    (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
                }
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|i, j| a[*i][*i].total_cmp(&a[*j][*j]));
    let values = order.iter().map(|i| a[*i][*i]).collect();
    let vectors = v
        .iter()
        .map(|row| order.iter().map(|i| row[*i]).collect())
        .collect();
    (values, vectors)
}

/// Mean and covariance (n − 1) of rows.
#[must_use]
pub fn moments(rows: &[Vec<f64>]) -> (Vec<f64>, Square) {
    let width = rows.first().map_or(0, Vec::len);
    let count = rows.len() as f64;
    let mut mean = vec![0.0; width];
    for row in rows {
        for (sum, value) in mean.iter_mut().zip(row) {
            *sum += value / count;
        }
    }
    let mut covariance = vec![vec![0.0; width]; width];
    for row in rows {
        for i in 0..width {
            let left = (row[i] - mean[i]) / (count - 1.0).max(1.0);
            for j in 0..=i {
                covariance[i][j] += left * (row[j] - mean[j]);
            }
        }
    }
    for i in 0..width {
        for j in 0..i {
            covariance[j][i] = covariance[i][j];
        }
    }
    (mean, covariance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Square {
        vec![
            vec![4.0, 1.0, -0.5],
            vec![1.0, 3.0, 0.2],
            vec![-0.5, 0.2, 2.0],
        ]
    }

    #[test]
    fn the_factor_multiplies_back() {
        let a = example();
        let l = cholesky(&a).unwrap();
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 = (0..3).map(|k| l[i][k] * l[j][k]).sum();
                assert!((product - a[i][j]).abs() < 1e-14);
            }
        }
        let b = lower_times(&l, &forward(&l, &[1.0, 2.0, 3.0]));
        assert!(
            b.iter()
                .zip([1.0, 2.0, 3.0])
                .all(|(x, y)| (x - y).abs() < 1e-14)
        );
        assert_eq!(cholesky(&vec![vec![1.0, 2.0], vec![2.0, 1.0]]), None);
    }

    #[test]
    fn eigenvectors_rebuild_the_matrix() {
        let a = example();
        let (values, vectors) = eigen(&a);
        assert!(values.is_sorted());
        for i in 0..3 {
            for j in 0..3 {
                let sum: f64 = (0..3)
                    .map(|k| values[k] * vectors[i][k] * vectors[j][k])
                    .sum();
                assert!((sum - a[i][j]).abs() < 1e-12, "{i} {j} {sum}");
            }
        }
    }
}
