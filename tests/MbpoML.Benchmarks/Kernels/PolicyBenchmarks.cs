using BenchmarkDotNet.Attributes;
using MbpoML.Acting;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Kernels;

/// <summary>One update of the policy from 256 transitions of HalfCheetah's size, and one action drawn for the environment.</summary>
[MemoryDiagnoser]
public class PolicyBenchmarks
{
    private static readonly TransitionLayout Layout = new(17, 6);

    private readonly double[] _observation = new double[Layout.ObservationSize];
    private readonly double[] _action = new double[Layout.ActionSize];
    private SacLearner? _learner;
    private IActor? _actor;
    private Generator? _generator;
    private Tensor? _minibatch;

    [Params(1, 2)]
    public int Workers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        set_num_threads(Workers);
        _learner = new SacLearner(
            new ComponentContext(new MLContext(1)), new SacSettings(Layout, BoxSpace.Uniform(Layout.ActionSize, -1, 1), [256, 256]), seed: 1, CPU,
            workers: Workers);
        _actor = ((IPolicy)_learner).NewActor();
        _generator = new Generator(1);
        _minibatch = randn(256, Layout.Width, generator: _generator);
        // Nobody terminates.
        Layout.Terminated(_minibatch).zero_();
    }

    [Benchmark]
    public void Update() => _learner!.Update(_minibatch!);

    [Benchmark]
    public void Act() => _actor!.Act(_observation, _action, _generator);

    [GlobalCleanup]
    public void Cleanup()
    {
        _learner!.Dispose();
        _generator!.Dispose();
        _minibatch!.Dispose();
    }
}
