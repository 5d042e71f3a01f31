using MbpoML.Acting;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;

namespace MbpoML.Tests.Fakes;

/// <summary>An algorithm that learns nothing: what each step does is up to the test.</summary>
internal sealed class StillAlgorithm(IPolicy policy, Func<PolicyTransformer> copy, Action<RunContext> step) : IAlgorithm
{
    public string Name => "still";

    public IPolicy Policy => policy;

    public RandomSource Random { get; } = new(3);

    public void Step(RunContext run) => step(run);

    public PolicyTransformer ToTransformer() => copy();

    public IReadOnlyDictionary<string, double> TakeMetrics() => new Dictionary<string, double>();

    public void Save(IStateWriter to) => SavedPart.Of("random", Random).Save(to);

    public void Restore(IStateReader from) => SavedPart.Of("random", Random).Restore(from);

    public void Dispose()
    {
    }
}
