using MbpoML.Data;
using MbpoML.Numerics;

namespace MbpoML.Policies.Distillation;

public sealed partial class DistillationTrainer
{
    /// <summary>How a network learns the actions of a policy. The defaults are our choice.</summary>
    public sealed class Options
    {
        /// <summary>The units of each hidden layer (ReLU). Default: two times 64.</summary>
        public IReadOnlyList<int> HiddenSizes { get; set; } = [64, 64];

        /// <summary>Passes over the rows. Default: 200.</summary>
        public int Epochs { get; set; } = 200;

        /// <summary>Rows of a minibatch. Default: 64.</summary>
        public int BatchSize { get; set; } = 64;

        /// <summary>Adam's step size. Default: 1e-3.</summary>
        public double LearningRate { get; set; } = 1e-3;

        /// <summary>The column read. Default: "Observation".</summary>
        public string ObservationColumnName { get; set; } = TransitionColumns.DefaultObservation;

        /// <summary>The column that the network adds. Default: "Action".</summary>
        public string ActionColumnName { get; set; } = TransitionColumns.DefaultAction;

        /// <summary>Decides the first weights and the order of the minibatches. Default: null, from the MLContext.</summary>
        public int? Seed { get; set; }

        internal void Validate()
        {
            Check.HiddenSizes(HiddenSizes);
            Check.AtLeast(1, Epochs);
            Check.AtLeast(1, BatchSize);
            Check.Positive(LearningRate);
            ArgumentException.ThrowIfNullOrEmpty(ObservationColumnName);
            ArgumentException.ThrowIfNullOrEmpty(ActionColumnName);
        }

        internal Options Copy()
        {
            var copy = (Options)MemberwiseClone();
            copy.HiddenSizes = [.. HiddenSizes];
            return copy;
        }
    }
}
