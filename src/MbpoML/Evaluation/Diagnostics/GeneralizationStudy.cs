using MbpoML.Acting;
using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using static TorchSharp.torch;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>
/// The experiment "model generalization in practice" (the paper's figure 1): models are fitted to data of one policy, and then, frozen, asked about other
/// policies ever further away from it.
/// </summary>
/// <remarks>
/// Data of the first policy is collected once; a model of a smaller size is fitted to its beginning. Each policy, the first included, then collects transitions
/// that no model has seen.
/// </remarks>
internal sealed class GeneralizationStudy(EnsembleFactory models, GeneralizationOptions options)
{
    public IReadOnlyList<GeneralizationCurve> Run(IEnvironment environment, IReadOnlyList<PolicyTransformer> policies)
    {
        using var scope = NewDisposeScope();
        using var data = Collect(environment, policies[0], options.TrainingSizes.Max(), "generalization-data");
        var scale = ModelError.UsualScale(data);
        var states = data.Layout.Observation(data.Rows);
        PolicyShift[] shifts = [.. policies.Select(policy => PolicyShift.Measure(policy, policies[0], states))];
        TransitionTable[] tests = [.. policies.Select((policy, index) => Collect(environment, policy, options.TestTransitions, "generalization-test", index))];
        try
        {
            return [.. options.TrainingSizes.Order().Select(size => Measure(size, data, tests, shifts, scale))];
        }
        finally
        {
            foreach (var test in tests) test.Dispose();
        }
    }

    private GeneralizationCurve Measure(int size, TransitionTable data, TransitionTable[] tests, PolicyShift[] shifts, double[] scale)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        using var learner = models(data.Layout, Seeds.Derive(options.Seed, "generalization-model", size));
        learner.Fit(data.Rows.narrow(0, 0, size), options.CancellationToken);
        var model = (IEnsembleDynamicsModel)learner.Model;
        var curve = new GeneralizationCurve(
            size, [.. tests.Zip(shifts, (test, shift) => new GeneralizationPoint(shift, ModelError.Measure(model, test, scale)))]);
        options.Progress?.Report(curve);
        return curve;
    }

    // Whole episodes of drawn actions, as in training.
    private TransitionTable Collect(IEnvironment environment, IPolicy policy, int steps, string stream, int index = 0)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        var seed = Seeds.Derive(options.Seed, stream, index);
        using var generator = new Generator((ulong)Seeds.Derive(seed, "actions"), CPU);
        using var actor = policy.NewActor();
        var collector = new TransitionCollector();
        try
        {
            foreach (var transition in TransitionRecorder.Record(
                environment, steps, (observation, action) => actor.Act(observation, action, generator), seed, () => actor.Begin(rows: 1)))
                collector.Add(transition);
        }
        catch (EnvironmentException stopped) when (options.CancellationToken.Caused(stopped))
        {
            throw new OperationCanceledException(stopped.Message, stopped, options.CancellationToken);
        }

        return TransitionReader.Read(collector.ToDataView(TransitionColumns.Default));
    }
}
