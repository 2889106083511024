#include "device/k4a/library.h"

#include <dlfcn.h>
#include <fmt/core.h>
#include <link.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>

#include "device/k4a/diagnosis.h"

namespace genlock::device::k4a {
namespace {

constexpr const char* kName = "libk4a.so.1.4";

struct Loaded {
  Mutex mutex;
  std::map<void*, Library*> libraries GENLOCK_GUARDED_BY(mutex);
};

/// Never destroyed: libraries say things while the program ends.
Loaded& loaded() {
  static auto* const all = new Loaded;
  return *all;
}

template <class Function>
void find(void* handle, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(handle, name));
}

/// Of what dlopen gave.
std::filesystem::path file_of(void* handle) {
  link_map* map = nullptr;
  return dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 ? map->l_name : kName;
}

/// Whether the library has the function itself, and not one that it uses.
bool has_itself(void* handle, const char* name) {
  Dl_info found{};
  const void* function = dlsym(handle, name);
  link_map* map = nullptr;
  return function != nullptr && dladdr(function, &found) != 0 && dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 &&
         reinterpret_cast<ElfW(Addr)>(found.dli_fbase) == map->l_addr;
}

Error cannot_load(const std::filesystem::path& path, const std::string& why) {
  if (path.empty() && why.starts_with(fmt::format("{}: cannot open", kName)))
    return Error(Errc::not_found, fmt::format("no {} is installed", kName));
  return Error(Errc::unsupported,
               fmt::format("{} cannot be loaded: {}; install what it needs, or name another "
                           "libk4a with --libk4a",
                           path.empty() ? kName : path.string(), why));
}

}  // namespace

std::string_view to_string(Vendor vendor) {
  switch (vendor) {
    case Vendor::microsoft:
      return "Microsoft";
    case Vendor::orbbec:
      return "Orbbec";
    case Vendor::genlock:
      return "Genlock";
  }
  return "unknown";
}

Result<Library*> Library::load(const std::filesystem::path& path) {
  std::filesystem::path wanted = path;
  std::error_code ignored;
  if (std::filesystem::is_directory(wanted, ignored)) wanted /= kName;
  if (!wanted.empty() && !std::filesystem::exists(wanted, ignored))
    return Error(Errc::not_found,
                 fmt::format("{}: there is no such file; name a {}, or its folder", wanted.string(), kName));
  // What it says comes to us; on standard output it would mix with what programs print there.
  setenv("K4A_ENABLE_LOG_TO_STDOUT", "0", 0);
  const std::string name = wanted.empty() ? kName : std::filesystem::absolute(wanted).string();
  void* const handle = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) return cannot_load(path, dlerror());
  return adopt(handle);
}

Result<Library*> Library::adopt(void* handle) {
  MutexLock lock(loaded().mutex);
  Library*& known = loaded().libraries[handle];
  if (known != nullptr) return known;
  std::unique_ptr<Library> library(new Library(file_of(handle), handle));
  GENLOCK_TRY(library->find_functions(handle).context(library->file_.string()));
  library->catch_messages();
  return known = library.release();
}

Library::Library(std::filesystem::path file, void* handle) : file_(std::move(file)) {
  find(handle, "k4a_device_get_pid", api_.orbbec.get_pid);
  find(handle, "k4a_device_switch_device_clock_sync_mode", api_.orbbec.switch_clock);
  find(handle, "k4a_device_check_accessibility", api_.orbbec.check_accessibility);
  find(handle, "genlock_host_monotonic_nsec", api_.genlock.monotonic);
  find(handle, "genlock_host_wall_nsec", api_.genlock.wall);
  find(handle, "genlock_host_name", api_.genlock.host_name);
  find(handle, "genlock_host_boot_id", api_.genlock.boot_id);
  const OrbbecFunctions& orbbec = api_.orbbec;
  if (orbbec.get_pid != nullptr || orbbec.switch_clock != nullptr || orbbec.check_accessibility != nullptr)
    vendor_ = Vendor::orbbec;
  const GenlockFunctions& own = api_.genlock;
  if (own.monotonic != nullptr && own.wall != nullptr && own.host_name != nullptr && own.boot_id != nullptr)
    vendor_ = Vendor::genlock;
}

Status Library::find_functions(void* handle) {
  if (!has_itself(handle, "k4a_device_open"))
    return Error(Errc::unsupported, fmt::format("it has no k4a_device_open of its own, so it is no libk4a; "
                                                "name a {} with --libk4a",
                                                kName));
#define GENLOCK_K4A_FIND(function) find(handle, "k4a_" #function, api_.function);
  GENLOCK_K4A_REQUIRED_FUNCTIONS(GENLOCK_K4A_FIND)
  GENLOCK_K4A_OPTIONAL_FUNCTIONS(GENLOCK_K4A_FIND)
#undef GENLOCK_K4A_FIND
#define GENLOCK_K4A_CHECK(function)                                                                       \
  if (api_.function == nullptr)                                                                           \
    return Error(Errc::unsupported, "it lacks k4a_" #function                                             \
                                    ", which every libk4a 1.4 has: install version 1.4, or name another " \
                                    "with --libk4a");
  GENLOCK_K4A_REQUIRED_FUNCTIONS(GENLOCK_K4A_CHECK)
#undef GENLOCK_K4A_CHECK
  return {};
}

/// A library that refuses works as well, but its failures have no reasons.
void Library::catch_messages() {
  log_is_read_ = api_.set_debug_message_handler != nullptr &&
                 api_.set_debug_message_handler(on_message, this, K4A_LOG_LEVEL_INFO) == K4A_RESULT_SUCCEEDED;
  if (!log_is_read_)
    log_warning("{}: its log cannot be read, so errors will not say their causes", file_.string());
}

void Library::on_message(void* library, k4a_log_level_t level, const char*, int, const char* text) {
  if (text == nullptr || level > K4A_LOG_LEVEL_TRACE) return;
  static_cast<Library*>(library)->hear(static_cast<LogLevel>(level), text);
}

void Library::hear(LogLevel level, std::string_view text) {
  log_.add(level, text);
  if (level > LogLevel::error) return;
  Message message{.level = level, .text = std::string(text.substr(0, MessageLog::kLongest))};
  if (!is_of_depth_engine(message)) return;
  MutexLock lock(mutex_);
  if (!depth_engine_trouble_) depth_engine_trouble_ = std::move(message);
}

std::optional<Message> Library::depth_engine_trouble() const {
  MutexLock lock(mutex_);
  return depth_engine_trouble_;
}

bool Library::take_unit(const std::string& serial) {
  MutexLock lock(mutex_);
  return open_.insert(serial).second;
}

void Library::return_unit(const std::string& serial) {
  MutexLock lock(mutex_);
  open_.erase(serial);
}

std::size_t Library::open_units() const {
  MutexLock lock(mutex_);
  return open_.size();
}

}  // namespace genlock::device::k4a
