using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Policies;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Fakes;

/// <summary>
/// A policy learner that learns nothing and writes down what it was given: shows the loop from stage 3's side, and that a custom stage 3 plugs in.
/// </summary>
internal sealed class RecordingPolicyEstimator : IPolicyEstimator
{
    public List<float[]> Batches { get; } = [];

    public Action<int>? OnUpdate { get; init; }

    public Action? OnToTransformer { get; init; }

    public IPolicyLearner CreateLearner(TransitionLayout layout, BoxSpace actionSpace, int seed, string? device = null) =>
        new Learner(this, layout, actionSpace);

    public PolicyTransformer Fit(IDataView input) => throw new NotSupportedException("The trainer asks for a learner.");

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

    private sealed class Learner(RecordingPolicyEstimator owner, TransitionLayout layout, BoxSpace actionSpace) : IMinibatchLearner
    {
        public int ObservationSize => layout.ObservationSize;

        public BoxSpace ActionSpace => actionSpace;

        public Tensor Act(Tensor observation) => zeros(observation.shape[0], layout.ActionSize);

        public Tensor Sample(Tensor observation, Generator generator) => randn(observation.shape[0], layout.ActionSize, generator: generator) * 0.1;

        public void Update(Tensor rows)
        {
            owner.Batches.Add(rows.data<float>().ToArray());
            owner.OnUpdate?.Invoke(owner.Batches.Count);
        }

        public IReadOnlyDictionary<string, double> TakeMetrics() => new Dictionary<string, double> { ["policy/recorded"] = owner.Batches.Count };

        public PolicyTransformer ToTransformer()
        {
            owner.OnToTransformer?.Invoke();
            return new(
                new ComponentContext(new MLContext(1)),
                new ActorParameters(layout.ObservationSize, actionSpace, [new float[layout.ObservationSize * 2 * layout.ActionSize]],
                    [new float[2 * layout.ActionSize]], (-20, 2)));
        }

        public void Dispose()
        {
        }
    }
}
