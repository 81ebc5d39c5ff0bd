// SPDX-License-Identifier: MIT
// Runs a fuzz target over the files of the folders given, and over each of them cut at a few places.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

/// A heap block of exactly its size, so that a sanitizer sees an overread.
void run(const std::string& octets) {
  const auto block = std::make_unique<std::uint8_t[]>(octets.size());
  for (std::size_t i = 0; i < octets.size(); ++i) block[i] = static_cast<std::uint8_t>(octets[i]);
  LLVMFuzzerTestOneInput(block.get(), octets.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t inputs = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string octets(std::istreambuf_iterator<char>(file), {});
      constexpr std::size_t kPieces = 16;
      for (std::size_t piece = 0; piece <= kPieces; ++piece)
        run(octets.substr(0, octets.size() * piece / kPieces));
      ++inputs;
    }
  }
  std::printf("%zu seeds\n", inputs);
  return inputs == 0 ? 1 : 0;
}
