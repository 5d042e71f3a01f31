using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>
/// The same training steps on each device that this machine has: the reference path, which is what a GPU runs, and the CPU's fast path beside it.
/// </summary>
internal static class DeviceComparison
{
    private const int Batch = 256;
    private static readonly TransitionLayout Layout = new(observationSize: 17, actionSize: 6);

    /// <summary>Measures and prints.</summary>
    /// <param name="rounds">The rounds of <see cref="Comparison.Run"/>.</param>
    public static void Run(int rounds)
    {
        TorchRuntime.EnsureAvailable();
        var devices = new List<Device> { CPU };
        if (cuda_is_available()) devices.Add(new Device(DeviceType.CUDA, 0));
        else AnsiConsole.MarkupLine("[yellow]Torch finds no CUDA device here: only the CPU is measured, and nothing below says how fast a GPU is.[/]");

        var policies = devices.Select(device => new PolicyUpdates(device, Acceleration.Reference)).Append(new PolicyUpdates(CPU, Acceleration.Auto)).ToArray();
        new Comparison("SAC updates: observation 17, action 6, 2 x 256, batch 256", "updates", [.. policies.Select(policy => policy.ToVariant())]).Run(rounds);
        Array.ForEach(policies, policy => policy.Dispose());

        var ensembles = devices.Select(device => new EnsembleSteps(device)).ToArray();
        new Comparison("Ensemble steps: 7 x 256 rows, 4 x 200", "steps", [.. ensembles.Select(ensemble => ensemble.ToVariant())]).Run(rounds);
        Array.ForEach(ensembles, ensemble => ensemble.Dispose());
    }

    // Kernels are only queued on a GPU: reading one value waits for all of them.
    private static void WaitFor(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        tensor.detach().flatten()[0].item<float>();
    }

    private sealed class PolicyUpdates : IDisposable
    {
        private readonly SacLearner _learner;
        private readonly Tensor _rows;
        private readonly string _name;

        public PolicyUpdates(Device device, Acceleration acceleration)
        {
            _name = $"{device.type} {acceleration}".ToLowerInvariant();
            var settings = new SacSettings(Layout, BoxSpace.Uniform(Layout.ActionSize, -1, 1), [256, 256]);
            _learner = new SacLearner(new ComponentContext(new MLContext(1)), settings, seed: 1, device, acceleration);
            using var generator = new Generator(1);
            _rows = rand(Batch, Layout.Width, generator: generator).to(device);
        }

        public Variant ToVariant() => new(_name, Threads: 1, updates =>
        {
            for (var update = 0; update < updates; update++) _learner.Update(_rows);
            WaitFor(_learner.State.Actor);
        });

        public void Dispose()
        {
            _learner.Dispose();
            _rows.Dispose();
        }
    }

    private sealed class EnsembleSteps : IDisposable
    {
        private const int Rows = 5000;
        private readonly EnsembleLearner _learner;
        private readonly Tensor _inputs, _targets, _order;
        private readonly string _name;

        public EnsembleSteps(Device device)
        {
            _name = device.type.ToString().ToLowerInvariant();
            var options = new ProbabilisticEnsembleTrainer.Options();
            _learner = new EnsembleLearner(Layout, options, seed: 1, device);
            using var generator = new Generator(1);
            Tensor Random(int columns) => rand(Rows, columns, generator: generator).to(device);
            (_inputs, _targets) = (Random(Layout.ObservationSize + Layout.ActionSize), Random(1 + Layout.ObservationSize));
            _order = randint(Rows, [options.MemberCount, Batch], ScalarType.Int64, generator: generator).to(device);
        }

        public Variant ToVariant() => new(_name, Threads: 1, steps =>
        {
            for (var step = 0; step < steps; step++) _learner.Updater.Step(_inputs, _targets, _order, 0, Batch);
            WaitFor(_learner.Ensemble.Network.Flat);
        });

        public void Dispose()
        {
            _learner.Dispose();
            foreach (var tensor in (Tensor[])[_inputs, _targets, _order]) tensor.Dispose();
        }
    }
}
