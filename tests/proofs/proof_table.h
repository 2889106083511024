#pragma once

#include <string>
#include <vector>

// The tables of docs/recording-proofs.md. The tests that fill them run in CI too, with fewer cases, and write
// nothing then: `make proofs` gives them a folder in GENLOCK_PROOFS.

namespace genlock::test {

/// How often to try: `few` in CI, `many` for the tables.
std::size_t proof_cases(std::size_t few, std::size_t many);

/// Whether this run makes the tables, on a machine that does nothing else.
bool making_proofs();

/// Adds a row to table `name`: a cell for each of its columns.
void add_proof_row(const std::string& name, const std::vector<std::string>& cells);

/// "7 of 7"
std::string of(std::size_t part, std::size_t whole);

/// "12 / 3": the worst and the median of what was measured.
std::string worst_and_median(std::vector<double> values);

}  // namespace genlock::test
