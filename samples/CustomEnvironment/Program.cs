using CustomEnvironment;
using MbpoML.Environments;
using MbpoML.Numerics;

using var environment = new HeatedRoomEnvironment().WithTimeLimit(144).WithChecks();
var random = new RandomSource(1);
var action = new double[environment.ActionSpace.Size];
var observation = new double[environment.ObservationSpace.Size];

for (var episode = 1; episode <= 5; episode++)
{
    environment.Reset(episode, observation);
    var (total, steps, result) = (0.0, 0, default(StepResult));
    while (!result.Done)
    {
        environment.ActionSpace.Sample(random, action);
        result = environment.Step(action, observation);
        total += result.Reward;
        steps++;
    }
    Console.WriteLine($"episode {episode}: return {total:F1} in {steps} random steps, {(result.Terminated ? "terminated" : "truncated")} at {observation[0]:F1} degrees");
}
