#include "cli/printer.h"

#include "cli/output.h"

namespace genlock::cli {
namespace {

constexpr std::size_t kMostTexts = 4096;

}  // namespace

Printer::Printer() : texts_(kMostTexts, WhenFull::refuse), thread_("print", [this] { print(); }) {}

Printer::~Printer() {
  texts_.close();
}

void Printer::out(std::string text) {
  static_cast<void>(texts_.push({false, std::move(text)}));
}

void Printer::err(std::string text) {
  static_cast<void>(texts_.push({true, std::move(text)}));
}

void Printer::print() {
  while (const auto text = texts_.pop(system_clock(), kNoDeadline)) {
    if (text->to_err)
      put_err(text->text);
    else
      put_out(text->text);
  }
}

}  // namespace genlock::cli
