using BenchmarkDotNet.Attributes;
using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Kernels;

/// <summary>
/// The paper's ensemble at Hopper's size: an optimizer step of all seven networks, a fit's preparation and holdout errors included, and an imagined step.
/// </summary>
[MemoryDiagnoser]
public class EnsembleBenchmarks
{
    private const int Steps = 64;
    private const int Rows = 20_480;
    private const int RolloutRows = 20_000;

    private static readonly TransitionLayout Layout = new(11, 3);

    private EnsembleLearner? _learner;
    private Generator? _generator;
    private Tensor? _rows;
    private Tensor? _observation;
    private Tensor? _action;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        set_num_threads(Threads);
        _generator = new Generator(1);
        _rows = randn(Rows, Layout.Width, generator: _generator);
        _learner = new EnsembleLearner(
            Layout, new ProbabilisticEnsembleTrainer.Options { MaxEpochs = 1, MaxOptimizerSteps = Steps, Workers = Threads }, seed: 1);
        _learner.Fit(_rows, CancellationToken.None);
        _observation = Layout.Observation(_rows).narrow(0, 0, RolloutRows).contiguous();
        _action = Layout.Action(_rows).narrow(0, 0, RolloutRows).contiguous();
    }

    [Benchmark(OperationsPerInvoke = Steps)]
    public void OptimizerStep() => _learner!.Fit(_rows!, CancellationToken.None);

    [Benchmark(OperationsPerInvoke = RolloutRows)]
    public void ImaginedRow()
    {
        using var scope = NewDisposeScope();
        _learner!.Model.Sample(_observation!, _action!, _generator!);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _learner!.Dispose();
        _rows!.Dispose();
        _observation!.Dispose();
        _action!.Dispose();
        _generator!.Dispose();
    }
}
