#include "odd_library.h"

#include <dlfcn.h>

namespace genlock::device::k4a {

std::filesystem::path OddLibrary::file(const std::string& build) {
  return std::filesystem::path(GENLOCK_ODD_FOLDER) / build / "libk4a.so.1.4";
}

OddLibrary::OddLibrary(const std::string& build)
    : handle_(dlopen(file(build).c_str(), RTLD_NOW)), library_(Library::load(file(build)).value()) {
  behave("");
}

OddLibrary::~OddLibrary() {
  behave("");
  release();
}

void OddLibrary::behave(const std::string& words) {
  symbol<void (*)(const char*)>("odd_behave")(words.c_str());
}

void OddLibrary::release() {
  symbol<void (*)()>("odd_release")();
}

int OddLibrary::live_images() const {
  return symbol<int (*)()>("odd_live_images")();
}

int OddLibrary::hanging() const {
  return symbol<int (*)()>("odd_hanging")();
}

int OddLibrary::open_units() const {
  return symbol<int (*)()>("odd_open_units")();
}

int OddLibrary::closed_units() const {
  return symbol<int (*)()>("odd_closed_units")();
}

void* OddLibrary::find(const char* name) const {
  return dlsym(handle_, name);
}

}  // namespace genlock::device::k4a
