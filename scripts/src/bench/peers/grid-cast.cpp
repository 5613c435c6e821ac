// The naive way to a dose field with shadows: from the lamp a ray to every cell, walked cell by cell.
// Reads width, height, positions, rounds, then the grid, the kernel and the positions as binary; writes the sum of
// the field and, for each round, microseconds a position. The visibility rule is the sweep's: a cell is dark when
// the line between the two middles runs through the inside of a blocked cell.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

static bool isLit(const std::vector<uint8_t>& blocked, int width, int fromColumn, int fromRow, int column, int row) {
  // Every cell whose inside the line crosses, in order (Amanatides and Woo 1987), in whole numbers.
  const int dx = std::abs(column - fromColumn), dy = std::abs(row - fromRow);
  const int sx = column > fromColumn ? 1 : -1, sy = row > fromRow ? 1 : -1;
  int x = fromColumn, y = fromRow;
  int error = dx - dy;
  for (int steps = dx + dy; steps > 0; --steps) {
    if (error > 0) {
      x += sx;
      error -= 2 * dy;
    } else if (error < 0) {
      y += sy;
      error += 2 * dx;
    } else {
      // Through a corner: what meets there is only touched.
      x += sx;
      y += sy;
      error += 2 * dx - 2 * dy;
      --steps;
    }
    if (blocked[y * width + x]) return false;
  }
  return true;
}

template <typename T> static void readAll(std::vector<T>& values) {
  if (fread(values.data(), sizeof(T), values.size(), stdin) != values.size()) exit(2);
}

int main() {
  std::vector<int32_t> sizes(4);
  readAll(sizes);
  const int width = sizes[0], height = sizes[1], positions = sizes[2], rounds = sizes[3];
  std::vector<uint8_t> blocked(width * height);
  std::vector<double> kernel((2 * width - 1) * height);
  std::vector<int32_t> places(2 * positions);
  readAll(blocked);
  readAll(kernel);
  readAll(places);
  std::vector<double> dose(width * height);
  double sum = 0;
  for (int round = -1; round < rounds; ++round) {
    std::fill(dose.begin(), dose.end(), 0.0);
    const auto begun = std::chrono::steady_clock::now();
    for (int place = 0; place < positions; ++place) {
      const int fromColumn = places[2 * place], fromRow = places[2 * place + 1];
      for (int row = 0; row < height; ++row) {
        const double* line = &kernel[std::abs(row - fromRow) * (2 * width - 1) + width - 1 - fromColumn];
        for (int column = 0; column < width; ++column) {
          if (blocked[row * width + column]) continue;
          if (isLit(blocked, width, fromColumn, fromRow, column, row)) dose[row * width + column] += line[column];
        }
      }
    }
    const std::chrono::duration<double, std::micro> taken = std::chrono::steady_clock::now() - begun;
    sum = 0;
    for (double value : dose) sum += value;
    if (round >= 0) printf("%.6f\n", taken.count() / positions);
  }
  printf("%.9e\n", sum);
  return 0;
}
