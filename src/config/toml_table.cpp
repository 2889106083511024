#include "config/toml_table.h"

namespace genlock::config {

Result<toml::table> parse_toml(std::string_view text, const std::string& name) {
  try {
    return toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    return Error(Errc::invalid,
                 fmt::format("{}:{}: {}", name, error.source().begin.line, error.description()));
  }
}

}  // namespace genlock::config
