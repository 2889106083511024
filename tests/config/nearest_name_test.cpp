#include "config/nearest_name.h"

#include <gtest/gtest.h>

#include <vector>

namespace genlock::config {
namespace {

const std::vector<std::string> kNames = {"serial", "name", "depth_delay_us", "delay_off_master_us", "host"};

TEST(NearestName, IsTheOneThatWasMeant) {
  EXPECT_EQ(nearest_name("seral", kNames), "serial");
  EXPECT_EQ(nearest_name("sreial", kNames), "serial");
  EXPECT_EQ(nearest_name("Name", kNames), "name");
  EXPECT_EQ(nearest_name("depth_delay", kNames), "depth_delay_us");
  EXPECT_EQ(nearest_name("hosts", kNames), "host");
}

TEST(NearestName, IsNoneWhereNothingIsNear) {
  EXPECT_EQ(nearest_name("wavelength", kNames), std::nullopt);
  EXPECT_EQ(nearest_name("x", kNames), std::nullopt);
  EXPECT_EQ(nearest_name("", kNames), std::nullopt);
  EXPECT_EQ(nearest_name(std::string(5000, 's'), kNames), std::nullopt);
}

}  // namespace
}  // namespace genlock::config
