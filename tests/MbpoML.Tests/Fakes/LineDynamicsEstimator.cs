using MbpoML.Data;
using MbpoML.Dynamics;
using static TorchSharp.torch;

namespace MbpoML.Tests.Fakes;

/// <summary>A dynamics estimator that knows the physics of <see cref="LineEnvironment"/>, and adds a jump to every step.</summary>
internal sealed class LineDynamicsEstimator(double jump = 0) : IDynamicsEstimator
{
    public IDynamicsLearner CreateLearner(TransitionLayout layout, int seed, string? device = null) => new Learner(jump);

    private sealed class Learner(double jump) : IDynamicsLearner
    {
        private LineModel? _model;

        public IDynamicsModel Model => _model ?? throw new InvalidOperationException("Nothing was fitted yet.");

        public bool IsEnsemble => true;

        public bool PredictsTermination => false;

        public IReadOnlyDictionary<string, double> Fit(Tensor rows, CancellationToken cancellationToken)
        {
            _model = new LineModel(jump, 0.01);
            return new Dictionary<string, double>();
        }

        public void Dispose()
        {
        }
    }
}
