using BenchmarkDotNet.Attributes;
using MbpoML.Benchmarks.StandIns;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;

namespace MbpoML.Benchmarks.Kernels;

/// <summary>One step of each ready-made task and of the stand-in of Hopper's size.</summary>
[MemoryDiagnoser]
public class EnvironmentBenchmarks
{
    private IEnvironment? _environment;
    private double[] _observation = [];
    private double[] _action = [];
    private int _episode;

    [Params("Pendulum", "CartPole", "SwingUp", "MountainCar", "StandIn")]
    public string Task { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _environment = Task switch
        {
            "Pendulum" => new PendulumEnvironment(),
            "CartPole" => new CartPoleContinuousEnvironment(),
            "SwingUp" => new CartPoleSwingUpEnvironment(),
            "MountainCar" => new MountainCarContinuousEnvironment(),
            _ => new StandInEnvironment(11, 3, lowestHeight: -3),
        };
        _observation = new double[_environment.ObservationSpace.Size];
        _action = new double[_environment.ActionSpace.Size];
        _environment.Reset(_episode, _observation);
    }

    [Benchmark]
    public void Step()
    {
        if (_environment!.Step(_action, _observation).Done) _environment.Reset(++_episode, _observation);
    }

    [GlobalCleanup]
    public void Cleanup() => _environment!.Dispose();
}
