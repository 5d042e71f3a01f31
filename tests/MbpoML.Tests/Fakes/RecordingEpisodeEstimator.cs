using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Policies;
using MbpoML.Saving;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Fakes;

/// <summary>
/// A learner of whole episodes that writes down what it is given. Its policy is one number, the action in every state, which each update raises by
/// <see cref="Rise"/>; drawn actions add a tenth of normal noise.
/// </summary>
internal sealed class RecordingEpisodeEstimator : IPolicyEstimator
{
    /// <summary>The episodes of every update: the number of each row's episode, and its observation's first value.</summary>
    public List<(long Episode, float Observation)[]> Updates { get; } = [];

    /// <summary>How often the deviation was set back.</summary>
    public int Resets { get; private set; }

    public float Rise { get; init; } = 0.25f;

    public int Episodes { get; init; } = 3;

    public int Steps { get; init; } = 2;

    /// <summary>Called after each update with the number of updates so far.</summary>
    public Action<int>? OnUpdate { get; init; }

    public IPolicyLearner CreateLearner(TransitionLayout layout, BoxSpace actionSpace, int seed, string? device = null) => Create(layout, actionSpace);

    public Learner Create(TransitionLayout layout, BoxSpace actionSpace) => new(this, layout, actionSpace);

    public PolicyTransformer Fit(IDataView input) => throw new NotSupportedException("The trainer asks for a learner.");

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

    internal sealed class Learner(RecordingEpisodeEstimator owner, TransitionLayout layout, BoxSpace actionSpace)
        : IEpisodeLearner, IParameterizedLearner, ISaved
    {
        private int _updates;

        public string Name => "recording";

        public int ObservationSize => layout.ObservationSize;

        public BoxSpace ActionSpace => actionSpace;

        public int EpisodesPerUpdate => owner.Episodes;

        public int EpisodeSteps => owner.Steps;

        public Tensor Parameters { get; } = zeros(1).DetachFromDisposeScope();

        public void Update(ImaginedEpisodes episodes)
        {
            using var scope = NewDisposeScope();
            var observations = layout.Observation(episodes.Rows).select(1, 0).contiguous().data<float>().ToArray();
            owner.Updates.Add([.. episodes.Episode.data<long>().ToArray().Zip(observations)]);
            Parameters.add_(owner.Rise);
            _updates++;
            owner.OnUpdate?.Invoke(owner.Updates.Count);
        }

        public Tensor Act(Tensor observation) => Act(observation, Parameters);

        public Tensor Act(Tensor observation, Tensor parameters) => parameters.view(1, 1).expand(observation.size(0), layout.ActionSize).clone();

        public Tensor Sample(Tensor observation, Generator generator) =>
            Act(observation) + (randn(observation.size(0), layout.ActionSize, generator: generator) * 0.1);

        public void ResetDeviation() => owner.Resets++;

        public IReadOnlyDictionary<string, double> TakeMetrics() => new Dictionary<string, double> { ["policy/updates-of-learner"] = _updates };

        public PolicyTransformer ToTransformer() => new(
            new ComponentContext(new MLContext(1)),
            new ActorParameters(layout.ObservationSize, actionSpace, [new float[layout.ObservationSize * 2 * layout.ActionSize]],
                [new float[2 * layout.ActionSize]], (-20, 2)));

        public void Save(IStateWriter to)
        {
            to.Add("parameters", Parameters);
            to.Add("updates", _updates);
        }

        public void Restore(IStateReader from)
        {
            using var saved = from.Tensor("parameters", ScalarType.Float32, [1]);
            Parameters.copy_(saved);
            _updates = (int)from.Count("updates");
        }

        public void Dispose() => Parameters.Dispose();
    }
}
