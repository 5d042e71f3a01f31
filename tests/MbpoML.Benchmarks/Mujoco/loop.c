// The loop of an environment as it is written in C: what the steps of MbpoML.Mujoco are measured against. It compiles without MuJoCo's headers; offsets of the structures come from outside.
//
//     loop LIBRARY MODEL DATA FRAME_SKIP FIRST_POSITION CONTACTS NQ NV NU EPISODE SIZE_OF_BODIES QPOS QVEL CTRL CFRC
//
// DATA holds, as doubles, the start (NQ positions, NV velocities) and EPISODE actions of NU controls. For each number that comes in on a line it makes so many control steps from the start, and answers with the
// seconds of processor time they took and the sum of the first observations, by which both sides know that they did the same.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void (*two)(const void*, void*);

static void* library;

static void* function(const char* name) {
  void* found = dlsym(library, name);
  if (!found) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
  return found;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

int main(int count, char** words) {
  if (count != 16) return 2;
  int number[16];
  for (int i = 4; i < 16; i++) number[i] = atoi(words[i]);
  int frame_skip = number[4], first = number[5], contacts = number[6], nq = number[7], nv = number[8], nu = number[9], episode = number[10], bodies = number[11];

  library = dlopen(words[1], RTLD_NOW);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  char error[1000] = "";
  void* model = ((void* (*)(const char*, const void*, char*, int))function("mj_loadXML"))(words[2], 0, error, sizeof error);
  if (!model) {
    fprintf(stderr, "%s\n", error);
    return 1;
  }
  char* data = ((void* (*)(const void*))function("mj_makeData"))(model);
  two reset = (two)function("mj_resetData"), forward = (two)function("mj_forward"), step = (two)function("mj_step"), post = (two)function("mj_rnePostConstraint");
  double *qpos = *(double**)(data + number[12]), *qvel = *(double**)(data + number[13]), *ctrl = *(double**)(data + number[14]), *cfrc = *(double**)(data + number[15]);

  int values = nq + nv + episode * nu;
  double* given = malloc(values * sizeof *given);
  FILE* file = fopen(words[3], "rb");
  if (!file || fread(given, sizeof *given, values, file) != (size_t)values) return 1;
  fclose(file);
  const double *start = given, *actions = given + nq + nv;
  double* observation = malloc((nq + nv) * sizeof *observation);

  int steps;
  while (scanf("%d", &steps) == 1) {
    double sum = 0, reward = 0, begin = now();
    for (int i = 0; i < steps; i++) {
      if (i % episode == 0) {
        reset(model, data);
        memcpy(qpos, start, nq * sizeof *qpos);
        memcpy(qvel, start + nq, nv * sizeof *qvel);
        forward(model, data);
      }
      const double* action = actions + i % episode * nu;
      double before = qpos[0];
      memcpy(ctrl, action, nu * sizeof *ctrl);
      for (int j = 0; j < frame_skip; j++) step(model, data);
      reward += qpos[0] - before;
      for (int j = 0; j < nu; j++) reward -= 0.1 * action[j] * action[j];
      if (contacts) {
        post(model, data);
        for (int j = 0; j < 6 * bodies; j++) reward -= 1e-6 * cfrc[j] * cfrc[j];
      }
      memcpy(observation, qpos + first, (nq - first) * sizeof *observation);
      memcpy(observation + nq - first, qvel, nv * sizeof *observation);
      sum += observation[0];
    }
    double seconds = now() - begin;
    // The reward is printed so that the compiler cannot leave it out.
    printf("%.17g %.17g %.17g\n", seconds, sum, reward);
    fflush(stdout);
  }
  return 0;
}
