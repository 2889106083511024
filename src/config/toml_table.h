#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/nearest_name.h"
#include "config/toml_library.h"

// For the files that read TOML alone: toml++ is slow to compile.

namespace genlock::config {

/// Errc::invalid with `name`, the line and what is wrong there.
Result<toml::table> parse_toml(std::string_view text, const std::string& name);

/// A value as TOML writes it, at most 80 characters of it; nothing of a table.
inline std::string written(const toml::node& node) {
  if (node.is_table() || node.is_array_of_tables()) return "a table";
  std::ostringstream text;
  node.visit([&](const auto& value) { text << value; });
  return text.str().substr(0, 80);
}

/// Reads the keys of one table. Remembers which it was asked for, so that a misspelt one is found.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string where, const std::string& file)
      : table_(table), where_(std::move(where)), file_(file) {}

  Error wrong(const toml::node& node, std::string_view key, std::string_view allowed) const {
    return Error(Errc::invalid, fmt::format("{}:{}: {}{} must be {}, not {}", file_, node.source().begin.line,
                                            where_, key, allowed, written(node)));
  }

  Status read(std::string_view key, std::string& out) { return read_exact(key, out, "a text"); }
  Status read(std::string_view key, bool& out) { return read_exact(key, out, "true or false"); }

  Status read(std::string_view key, double& out) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const auto value = node->is_number() ? node->value<double>() : std::nullopt;
    if (!value || !std::isfinite(*value)) return wrong(*node, key, "a number");
    out = *value;
    return {};
  }

  template <class I>
  requires std::is_integral_v<I> Status read(std::string_view key, I& out) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const auto value = node->value_exact<std::int64_t>();
    if (!value || !std::in_range<I>(*value)) return wrong(*node, key, "a whole number");
    out = static_cast<I>(*value);
    return {};
  }

  /// A whole number from `least` to `most`.
  template <class I>
  Status read_within(std::string_view key, I& out, I least, I most) {
    I value{};
    if (!has(key)) return {};
    if (!read(key, value) || value < least || value > most)
      return wrong(key, fmt::format("a whole number from {} to {}", least, most));
    out = value;
    return {};
  }

  /// One of a few whole numbers.
  template <class I>
  Status read_one_of(std::string_view key, I& out, std::initializer_list<I> allowed) {
    I value{};
    if (!has(key)) return {};
    if (!read(key, value) || std::find(allowed.begin(), allowed.end(), value) == allowed.end())
      return wrong(key, fmt::format("{}", fmt::join(allowed, " or ")));
    out = value;
    return {};
  }

  /// A number of `unit`s.
  Status read(std::string_view key, HostDuration& out, HostDuration unit) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const auto value = node->is_number() ? node->value<double>() : std::nullopt;
    constexpr double kLongest = 1e18;  // ns, 31 years
    if (!value || !(std::abs(*value) * static_cast<double>(unit.count()) < kLongest)) {
      return wrong(*node, key, "a number");
    }
    out = HostDuration(std::llround(*value * static_cast<double>(unit.count())));
    return {};
  }

  /// One of a few names.
  template <class T>
  Status read_choice(std::string_view key, T& out, std::span<const std::pair<std::string_view, T>> choices) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const std::string value = node->value_or(std::string());
    std::vector<std::string> names;
    for (const auto& [name, choice] : choices) {
      names.push_back(fmt::format("\"{}\"", name));
      if (name != value) continue;
      out = choice;
      return {};
    }
    return wrong(*node, key, fmt::format("{}", fmt::join(names, " or ")));
  }

  template <class T, std::size_t N>
  Status read_array(std::string_view key, std::array<T, N>& out) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const toml::array* array = node->as_array();
    const auto error = [&] { return wrong(*node, key, fmt::format("a list of {} numbers", N)); };
    if (array == nullptr || array->size() != N) return error();
    for (std::size_t i = 0; i < N; ++i) {
      const auto value = array->get(i)->value<T>();
      if (!value) return error();
      if constexpr (std::is_floating_point_v<T>)
        if (!std::isfinite(*value)) return error();
      out[i] = *value;
    }
    return {};
  }

  Status read_texts(std::string_view key, std::vector<std::string>& out) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const toml::array* array = node->as_array();
    if (array == nullptr) return wrong(*node, key, "a list of texts");
    out.clear();
    for (const toml::node& item : *array) {
      const auto text = item.value_exact<std::string>();
      if (!text) return wrong(item, key, "a list of texts");
      out.push_back(*text);
    }
    return {};
  }

  /// Text that another function understands.
  template <class T>
  Status read_text_as(std::string_view key, T& out, const std::function<Result<T>(std::string_view)>& parse,
                      std::string_view allowed) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const auto text = node->value_exact<std::string>();
    auto value = text ? parse(*text) : Result<T>(Error(Errc::invalid, ""));
    if (!value) return wrong(*node, key, allowed);
    out = *value;
    return {};
  }

  /// Calls `read` for a table under `key`, if there is one.
  Status read_table(std::string_view key, const std::function<Status(TableReader&)>& read) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const toml::table* table = node->as_table();
    if (table == nullptr) return wrong(*node, key, fmt::format("a table: [{}]", key));
    TableReader inner(*table, fmt::format("{}{}.", where_, key), file_);
    GENLOCK_TRY(read(inner));
    return inner.check_all_known();
  }

  /// Calls `read` for every table of [[key]].
  Status read_tables(std::string_view key, const std::function<Status(TableReader&)>& read) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const toml::array* array = node->as_array();
    if (array == nullptr) return wrong(*node, key, fmt::format("a list of tables: [[{}]]", key));
    for (const toml::node& item : *array) {
      const toml::table* table = item.as_table();
      if (table == nullptr) return wrong(item, key, fmt::format("a list of tables: [[{}]]", key));
      TableReader inner(*table, fmt::format("{}.", key), file_);
      GENLOCK_TRY(read(inner));
      GENLOCK_TRY(inner.check_all_known());
    }
    return {};
  }

  Status check_all_known() const {
    for (const auto& [key, node] : table_) {
      if (std::ranges::find(asked_, key.str()) != asked_.end()) continue;
      const auto nearest = nearest_name(key.str(), asked_);
      return Error(Errc::invalid,
                   fmt::format("{}:{}: unknown key {}{}{}; known here: {}", file_, key.source().begin.line,
                               where_, key.str(), nearest ? fmt::format(", did you mean {}?", *nearest) : "",
                               fmt::join(asked_, ", ")));
    }
    return {};
  }

  /// The same for a key that is there.
  Error wrong(std::string_view key, std::string_view allowed) const {
    return wrong(*table_.get(key), key, allowed);
  }

  bool has(std::string_view key) { return find(key) != nullptr; }

  /// Of the file, where a key is that is there.
  int line(std::string_view key) const { return static_cast<int>(table_.get(key)->source().begin.line); }

  /// Of the file, where the table begins.
  int line() const { return static_cast<int>(table_.source().begin.line); }

  /// Of a key that people look for here in vain.
  Status refuse(std::string_view key, std::string_view why) const {
    if (!table_.contains(key)) return {};
    return Error(Errc::invalid,
                 fmt::format("{}:{}: {}{} cannot be set: {}", file_, line(key), where_, key, why));
  }

  /// That the table lacks what must be in it.
  Error none_of(std::string_view what) const {
    return Error(Errc::invalid, fmt::format("{}:{}: there is no {}", file_, line(), what));
  }

  /// Names a key of the table that may be a slip of the missing one.
  Error missing(std::string_view key) const {
    std::vector<std::string> keys;
    for (const auto& [there, node] : table_) keys.emplace_back(there.str());
    const auto slip = nearest_name(key, keys);
    return Error(Errc::invalid,
                 fmt::format("{}:{}: {}{} is missing{}", file_, table_.source().begin.line, where_, key,
                             slip ? fmt::format("; is {} meant to be it?", *slip) : ""));
  }

 private:
  template <class T>
  Status read_exact(std::string_view key, T& out, std::string_view allowed) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const auto value = node->value_exact<T>();
    if (!value) return wrong(*node, key, allowed);
    out = *value;
    return {};
  }

  const toml::node* find(std::string_view key) {
    if (std::ranges::find(asked_, key) == asked_.end()) asked_.emplace_back(key);
    return table_.get(key);
  }

  const toml::table& table_;
  const std::string where_;
  const std::string& file_;
  std::vector<std::string> asked_;
};

}  // namespace genlock::config
