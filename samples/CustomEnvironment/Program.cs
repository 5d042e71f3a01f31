// A task of one's own, from the environment to a policy: random episodes first, then MBPO.
//
//     dotnet run -c Release --project samples/CustomEnvironment [-- --set Trainer.Steps=720 ...]
using CustomEnvironment;
using MbpoML;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using MbpoML.Numerics.Random;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;

using var environment = new HeatedRoomEnvironment().WithTimeLimit(72).WithChecks();

// 1. Random heating, to see what the task does and what a policy has to beat.
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
    Console.WriteLine($"random episode {episode}: return {total:F1} in {steps} steps, {(result.Terminated ? "terminated" : "truncated")}");
}

// 2. MBPO with settings for a small task: small networks, few updates, a normalised model because the wall's temperature hardly changes in a step.
var rl = new MLContext(seed: 1).Reinforcement();
var preset = new MbpoPreset
{
    Trainer = new MbpoTrainer.Options { Steps = 1440, EpochLength = 288, InitialExplorationSteps = 288, ModelTrainingInterval = 144, UpdatesPerStep = 4 },
    Dynamics = new ProbabilisticEnsembleTrainer.Options { HiddenSizes = [64, 64], TargetNormalization = true, MaxOptimizerSteps = 500 },
    Rollouts = new BranchedRollouts.Options { BatchSize = 5000, Schedule = RolloutSchedule.Constant(2) },
    Policy = new SoftActorCriticTrainer.Options { HiddenSizes = [64, 64], LearningRate = 1e-3, Discount = 0.95 },
};
foreach (var assignment in args.SkipWhile(argument => argument != "--set").Skip(1)) preset.Set(assignment);
preset.Trainer.Progress = new EpochLines();
using var policy = rl.Mbpo(environment, preset).Fit();

// 3. The same measure for both: mean return over 10 episodes.
Console.WriteLine($"trained: {rl.Evaluate(policy, environment, episodes: 10)}");
