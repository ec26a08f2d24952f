// The rest of that program.
bool part_0();
bool part_1();
bool part_2();

int main() { return part_0() && part_1() && part_2() ? 0 : 1; }
