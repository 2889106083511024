#include <linux/usbdevice_fs.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <umockdev.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <string>
#include <vector>

// fake_units COUNT COMMAND...: runs a program on a host to whose USB the depth cameras of COUNT units are
// attached. Devices are known by their descriptors (facts device.md 5) and answer standard requests; commands
// of the units' own protocol are not acknowledged, as by a unit that does not come up.

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint16_t kMicrosoft = 0x045e;
constexpr std::uint16_t kDepthCamera = 0x097c;
constexpr std::uint8_t kSerialString = 3;

Bytes device_descriptor() {
  return {18,
          1,
          0x10,
          3,
          0xef,
          2,
          1,
          9,
          kMicrosoft & 0xff,
          kMicrosoft >> 8,
          kDepthCamera & 0xff,
          kDepthCamera >> 8,
          0x10,
          1,
          1,
          2,
          kSerialString,
          1};
}

/// One interface with the bulk endpoints for commands and depth.
Bytes configuration_descriptor() {
  Bytes bytes{9, 2, 0, 0, 1, 1, 0, 0xc0, 50, 9, 4, 0, 0, 3, 0xff, 0xff, 0xff, 0};
  for (const std::uint8_t endpoint : {0x02, 0x81, 0x83})
    for (const std::uint8_t byte : {7, 5, int{endpoint}, 2, 0, 4, 0, 6, 0x30, 0, 0, 0, 0})
      bytes.push_back(static_cast<std::uint8_t>(byte));
  bytes[2] = static_cast<std::uint8_t>(bytes.size());
  return bytes;
}

/// The container by which a unit's devices belong together.
Bytes bos_descriptor(unsigned unit) {
  Bytes bytes{5, 15, 25, 0, 1, 20, 16, 4, 0};
  for (unsigned i = 0; i < 16; ++i) bytes.push_back(static_cast<std::uint8_t>(16 * (unit + 1) + i));
  return bytes;
}

Bytes string_descriptor(unsigned index, unsigned unit) {
  if (index == 0) return {4, 3, 9, 4};
  const std::string text = index == kSerialString ? "00000000010" + std::to_string(unit) : "Fake";
  Bytes bytes{static_cast<std::uint8_t>(2 + 2 * text.size()), 3};
  for (const char c : text) {
    bytes.push_back(static_cast<std::uint8_t>(c));
    bytes.push_back(0);
  }
  return bytes;
}

Bytes descriptor(unsigned type, unsigned index, unsigned unit) {
  switch (type) {
    case 1:
      return device_descriptor();
    case 2:
      return configuration_descriptor();
    case 3:
      return string_descriptor(index, unit);
    case 15:
      return bos_descriptor(unit);
    default:
      return {};
  }
}

/// One device's side of usbfs.
struct FakeUnit {
  unsigned number = 0;
  std::deque<UMockdevIoctlData*> finished;  ///< transfers that wait to be reaped

  /// The data of a request to the device itself; nothing for one that it refuses.
  Bytes answer(const std::uint8_t* setup) const {
    constexpr std::uint8_t kGetDescriptor = 6, kGetConfiguration = 8;
    if (setup[1] == kGetDescriptor) return descriptor(setup[3], setup[2], number);
    if (setup[1] == kGetConfiguration) return {1};
    return {};
  }

  void control(usbdevfs_urb& urb, std::uint8_t* buffer) const {
    const Bytes data = answer(buffer);
    const auto size = std::min(data.size(), static_cast<std::size_t>(urb.buffer_length - 8));
    std::copy_n(data.begin(), size, buffer + 8);
    urb.actual_length = static_cast<int>(size);
    urb.status = data.empty() && (buffer[0] & 0x80) != 0 ? -EPIPE : 0;
  }

  bool submit(UMockdevIoctlClient* client) {
    UMockdevIoctlData* data =
        umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0, sizeof(usbdevfs_urb), nullptr);
    if (data == nullptr) return false;
    auto& urb = *reinterpret_cast<usbdevfs_urb*>(data->data);
    UMockdevIoctlData* buffer = umockdev_ioctl_data_resolve(data, offsetof(usbdevfs_urb, buffer),
                                                            static_cast<gsize>(urb.buffer_length), nullptr);
    if (urb.type == USBDEVFS_URB_TYPE_CONTROL && buffer != nullptr)
      control(urb, buffer->data);
    else
      urb.status = -EPIPE;
    finished.push_back(data);
    umockdev_ioctl_client_complete(client, 0, 0);
    return true;
  }

  void reap(UMockdevIoctlClient* client) {
    if (finished.empty()) return umockdev_ioctl_client_complete(client, -1, EAGAIN);
    UMockdevIoctlData* target =
        umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0, sizeof(void*), nullptr);
    umockdev_ioctl_data_set_ptr(target, 0, finished.front());
    finished.pop_front();
    umockdev_ioctl_client_complete(client, 0, 0);
  }

  bool capabilities(UMockdevIoctlClient* client) {
    UMockdevIoctlData* data =
        umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0, sizeof(std::uint32_t), nullptr);
    *reinterpret_cast<std::uint32_t*>(data->data) =
        USBDEVFS_CAP_BULK_CONTINUATION | USBDEVFS_CAP_NO_PACKET_SIZE_LIM;
    umockdev_ioctl_client_complete(client, 0, 0);
    return true;
  }

  bool handle(UMockdevIoctlClient* client) {
    switch (umockdev_ioctl_client_get_request(client)) {
      case USBDEVFS_GET_CAPABILITIES:
        return capabilities(client);
      case USBDEVFS_SUBMITURB:
        return submit(client);
      case USBDEVFS_REAPURB:
      case USBDEVFS_REAPURBNDELAY:
        reap(client);
        return true;
      case USBDEVFS_CLAIMINTERFACE:
      case USBDEVFS_RELEASEINTERFACE:
      case USBDEVFS_SETCONFIGURATION:
      case USBDEVFS_SETINTERFACE:
      case USBDEVFS_CLEAR_HALT:
      case USBDEVFS_DISCARDURB:
        umockdev_ioctl_client_complete(client, 0, 0);
        return true;
      case USBDEVFS_GETDRIVER:
        umockdev_ioctl_client_complete(client, -1, ENODATA);
        return true;
      default:
        umockdev_ioctl_client_complete(client, -1, ENOTTY);
        return true;
    }
  }
};

// umockdev takes handlers as objects of a class of its own.
struct Handler {
  UMockdevIoctlBase parent;
  FakeUnit* unit;
};
struct HandlerClass {
  UMockdevIoctlBaseClass parent;
};
G_DEFINE_TYPE(Handler, handler, UMOCKDEV_TYPE_IOCTL_BASE)

gboolean handle_ioctl(UMockdevIoctlBase* self, UMockdevIoctlClient* client) {
  return reinterpret_cast<Handler*>(self)->unit->handle(client);
}
void handler_class_init(HandlerClass* handlers) {
  handlers->parent.handle_ioctl = handle_ioctl;
}
void handler_init(Handler*) {}

std::string hex(const Bytes& bytes) {
  std::string text;
  std::array<char, 3> digits{};
  for (const std::uint8_t byte : bytes) {
    std::snprintf(digits.data(), digits.size(), "%02X", byte);
    text += digits.data();
  }
  return text;
}

bool attach(UMockdevTestbed* bus, FakeUnit& unit) {
  const std::string number = std::to_string(unit.number + 2);
  const std::string node = "bus/usb/001/00" + number;
  Bytes descriptors = device_descriptor();
  const Bytes configuration = configuration_descriptor();
  descriptors.insert(descriptors.end(), configuration.begin(), configuration.end());
  const std::string described = "P: /devices/pci0000:00/usb1/1-" + number + "\nN: " + node +
                                "=00\nE: DEVNAME=/dev/" + node +
                                "\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: BUSNUM=001\n"
                                "E: DEVNUM=00" +
                                number + "\nA: busnum=1\\n\nA: devnum=" + number +
                                "\\n\nA: bConfigurationValue=1\\n\nA: speed=5000\\n\nA: idVendor=045e\\n\n"
                                "A: idProduct=097c\\n\nH: descriptors=" +
                                hex(descriptors) + "\n";
  GError* error = nullptr;
  if (!umockdev_testbed_add_from_string(bus, described.c_str(), &error)) {
    std::fprintf(stderr, "fake_units: %s\n", error->message);
    return false;
  }
  auto* handler = static_cast<Handler*>(g_object_new(handler_get_type(), nullptr));
  handler->unit = &unit;
  return umockdev_testbed_attach_ioctl(bus, ("/dev/" + node).c_str(), UMOCKDEV_IOCTL_BASE(handler), &error);
}

int run(char** command) {
  pid_t child = -1;
  if (posix_spawn(&child, command[0], nullptr, nullptr, command, environ) != 0) return 126;
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "umockdev-wrapper fake_units COUNT COMMAND...\n");
    return 125;
  }
  UMockdevTestbed* bus = umockdev_testbed_new();
  std::vector<FakeUnit> units(std::stoul(argv[1]));
  for (std::size_t i = 0; i < units.size(); ++i) {
    units[i].number = static_cast<unsigned>(i);
    if (!attach(bus, units[i])) return 125;
  }
  return run(argv + 2);
}
