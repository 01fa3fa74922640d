/* tally: finds the command and runs it. */
#include <stdio.h>

int main(int argc, char **argv) {
  (void)argv;
  if (argc != 2) {
    fprintf(stderr, "usage: tally COMMAND\n");
    return 2;
  }
  fprintf(stderr, "tally: no commands yet\n");
  return 1;
}
