namespace MbpoML.Dynamics;

/// <summary>A fitted dynamics transformer that has a model on tensors, so that rollouts need no data views.</summary>
public interface IDynamicsTransformer
{
    /// <summary>The model on tensors; it lives as long as the transformer.</summary>
    IDynamicsModel Model { get; }

    /// <summary>The mean squared error on rows that the fit held out, in environment units; null where there were none. Default: null.</summary>
    double? HoldoutMeanSquaredError => null;
}
