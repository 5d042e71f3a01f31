using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Policies;
using MbpoML.Saving;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Fakes;

/// <summary>
/// A learner that imagines from start states, learns nothing, and writes down what it was asked: shows the double-horizon loop from stage 3's side.
/// </summary>
internal sealed class RecordingStartStateEstimator : IPolicyEstimator
{
    /// <summary>What was asked, in order: "look", "critics", "update" and "keep".</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The start states of every update of critics or policy.</summary>
    public List<float[]> Starts { get; } = [];

    /// <summary>The numbers of real transitions that were looked at.</summary>
    public List<long> Looks { get; } = [];

    /// <summary>Called after each update with the number of updates so far.</summary>
    public Action<int>? OnUpdate { get; init; }

    public bool AsksModel => true;

    public IPolicyLearner CreateLearner(TransitionLayout layout, BoxSpace actionSpace, int seed, string? device = null) =>
        new Learner(this, layout, actionSpace);

    public PolicyTransformer Fit(IDataView input) => throw new NotSupportedException("The trainer asks for a learner.");

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

    private sealed class Learner(RecordingStartStateEstimator owner, TransitionLayout layout, BoxSpace actionSpace)
        : IStartStateLearner, ISaved, IPolicyKeeper
    {
        private ImaginedEnvironment? _imagined;
        private long _updates;

        public string Name => "recording";

        public int ObservationSize => layout.ObservationSize;

        public BoxSpace ActionSpace => actionSpace;

        public int BatchSize => 7;

        public bool NeedsModel => true;

        public void UseModel(ImaginedEnvironment imagined) => _imagined = imagined;

        public void Look(Tensor rows)
        {
            // The model is the one that was just fitted.
            _ = _imagined!.Model;
            owner.Calls.Add("look");
            owner.Looks.Add(rows.shape[0]);
        }

        public void KeepPolicy() => owner.Calls.Add("keep");

        public void Update(Tensor observations) => Add("update", observations);

        public void UpdateCritics(Tensor observations) => Add("critics", observations);

        public Tensor Act(Tensor observation) => zeros(observation.shape[0], layout.ActionSize);

        public Tensor Sample(Tensor observation, Generator generator) => randn(observation.shape[0], layout.ActionSize, generator: generator) * 0.1;

        public IReadOnlyDictionary<string, double> TakeMetrics() => new Dictionary<string, double> { ["policy/updates-of-learner"] = _updates };

        public PolicyTransformer ToTransformer() => new(
            new ComponentContext(new MLContext(1)),
            new ActorParameters(layout.ObservationSize, actionSpace, [new float[layout.ObservationSize * 2 * layout.ActionSize]],
                [new float[2 * layout.ActionSize]], (-20, 2)));

        public void Save(IStateWriter to) => to.Add("updates", _updates);

        public void Restore(IStateReader from) => _updates = from.Count("updates");

        public void Dispose()
        {
        }

        private void Add(string call, Tensor observations)
        {
            _updates++;
            owner.Calls.Add(call);
            owner.Starts.Add(observations.data<float>().ToArray());
            owner.OnUpdate?.Invoke(owner.Starts.Count);
        }
    }
}
